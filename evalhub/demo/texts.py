"""The words that members of the invented pools undertake: Chinese and English."""

UNDERTAKINGS = {
    "pool": (
        "本人所填资料真实。\n本人服从回避规定，主动申报利益关系。\n本人对工作中知悉的信息保密。",
        "What I have entered is true.\nI follow the rules on conflicts of interest and declare ties myself.\nI keep secret what I learn at work.",
    ),
    "seat": (
        "本人独立、客观评分，不与他人商议分数。\n本人不向任何人透露评审身份、材料和分数。\n发现应当回避的情形，立即申报并退出。",
        "I score on my own and discuss scores with nobody.\nI tell nobody that I take part, nor papers or scores.\nWhere a conflict shows I declare it at once and withdraw.",
    ),
    "agency": (
        "本机构与被评价单位无利害关系。\n本机构不转包，不出借名义。\n报告由主评人签字并对其真实性负责。",
        "We have no interest in the evaluated unit.\nWe pass the work to nobody and lend nobody our name.\nThe lead evaluator signs the report and answers for it.",
    ),
}
