"""Words from which people, bodies and projects of the invented district are made."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂华建国志文海燕玉兰红梅春雷鹏飞晓东宏亮新宇思远子涵雨欣"
RARE_NAMES = ("欧阳文远", "司马建华", "𠮷丽娜", "王㛃", "单雄伟", "仇志远")

DEPARTMENTS = (
    ("教育局", "101"), ("卫生健康局", "102"), ("农业农村局", "103"), ("住房和城乡建设局", "104"), ("交通运输局", "105"),
    ("生态环境分局", "106"), ("人力资源和社会保障局", "107"), ("科技创新局", "108"), ("民政局", "109"),
    ("文化和旅游局", "110"), ("应急管理局", "111"), ("市场监督管理局", "112"), ("水务局", "113"), ("综合行政执法局", "114"),
)  # fmt: skip
STREET_OFFICES = (
    ("黄屯街道办事处", "201"),
    ("柳行街道办事处", "202"),
    ("洸河街道办事处", "203"),
    ("王因街道办事处", "204"),
    ("接庄街道办事处", "205"),
)

FIELDS = (
    ("01", "教育", "Education", "subject", (("0101", "基础教育", "Basic education"), ("0102", "职业教育", "Vocational education"))),
    ("02", "卫生健康", "Health", "subject", (("0201", "公共卫生", "Public health"), ("0202", "医疗服务", "Medical services"))),
    ("03", "农林水", "Farming and water", "subject", (("0301", "水利工程", "Water works"), ("0302", "农业农村", "Rural affairs"))),
    ("04", "城乡建设", "Urban works", "subject", (("0401", "市政道路", "City roads"), ("0402", "园林绿化", "Green spaces"))),
    ("05", "交通运输", "Transport", "subject", (("0501", "公路养护", "Road upkeep"), ("0502", "公共交通", "Public transport"))),
    ("06", "生态环保", "Environment", "subject", (("0601", "水环境", "Water quality"), ("0602", "固废处置", "Solid waste"))),
    ("07", "社会保障", "Social security", "subject", (("0701", "养老服务", "Care for the old"), ("0702", "就业创业", "Employment"))),
    ("08", "科技产业", "Science and industry", "subject", (("0801", "科技创新", "Innovation"), ("0802", "信息化", "Information systems"))),
    ("09", "财务管理", "Finance", "finance", (("0901", "预算绩效", "Budget performance"), ("0902", "会计审计", "Accounting and audit"))),
)  # fmt: skip

EMPLOYERS = (
    ("济州大学", "university"), ("示例职业技术学院", "university"), ("示例市规划设计研究院", "institution"),
    ("示例市水利勘测设计院", "institution"), ("示例市农业科学研究所", "institution"), ("示例市人民医院", "institution"),
    ("示例市环境科学研究院", "institution"), ("示例市第一中学", "institution"), ("鲁西会计师事务所", "enterprise"),
    ("示例市公路事业发展中心", "institution"), ("示例市社会福利中心", "institution"), ("泰岳工程咨询有限公司", "enterprise"),
    ("示例市大数据中心", "institution"), ("孔孟财经学院", "university"), ("示例市园林科学研究所", "institution"),
    ("齐鲁审计事务所", "enterprise"), ("示例市疾病预防控制中心", "institution"), ("示例市建筑工程质量检测站", "institution"),
)  # fmt: skip

CONTRACTORS = (
    "示例城建工程有限公司", "中泰路桥有限公司", "绿源园林工程有限公司", "汇通水务建设有限公司", "博学教育装备有限公司",
    "康民医疗器械有限公司", "安居养老服务有限公司", "云策信息技术有限公司", "鲁星环保科技有限公司", "通达公交运营有限公司",
    "金禾农业发展有限公司", "东信建设监理有限公司",
)  # fmt: skip
HOLDER = "岱宗投资控股集团有限公司"

AGENCIES = (
    ("华信绩效咨询有限公司", "consulting"), ("鲁正会计师事务所", "accounting"), ("诚衡资产评估有限公司", "appraisal"),
    ("岱宗工程造价咨询有限公司", "consulting"), ("明理律师事务所", "law"), ("济州大学公共政策研究所", "institute"),
    ("天平会计师事务所", "accounting"), ("中衡绩效评价有限公司", "consulting"), ("睿见管理咨询有限公司", "consulting"),
    ("弘毅资产评估有限公司", "appraisal"), ("方圆财务咨询有限公司", "consulting"), ("正源会计师事务所", "accounting"),
    ("博观政策研究中心", "institute"), ("远见工程咨询有限公司", "consulting"), ("公信税务师事务所", "accounting"),
)  # fmt: skip

# name, category, field, department, amount in 万元, contractor or None
PROJECTS = (
    ("绿道二期工程", "engineering", "0402", "104", 4200, 2), ("智慧停车一期", "engineering", "0802", "114", 1860, 7),
    ("校园食堂改造", "livelihood", "0101", "101", 2650, 0), ("社区养老服务设施运营补助", "livelihood", "0701", "109", 1480, 6),
    ("公共自行车运营", "livelihood", "0502", "105", 980, 9), ("农村饮水安全巩固提升", "livelihood", "0301", "113", 1860, 3),
    ("城区道路改造", "engineering", "0401", "104", 5200, 1), ("洸府河水环境治理", "engineering", "0601", "106", 4600, 8),
    ("乡镇卫生院设备更新", "livelihood", "0201", "102", 2100, 5), ("职业技能提升行动", "livelihood", "0702", "107", 1350, None),
    ("科技型企业研发补助", "other", "0801", "108", 3000, None), ("高标准农田建设", "engineering", "0302", "103", 3800, 10),
    ("县乡公路养护", "engineering", "0501", "105", 2400, 1), ("生活垃圾分类处置", "livelihood", "0602", "114", 1720, 8),
    ("职业学校实训基地", "engineering", "0102", "101", 2900, 4), ("基本公共卫生服务", "livelihood", "0202", "102", 3600, None),
    ("政务信息系统整合", "other", "0802", "108", 1250, 7), ("街道绿化提升", "livelihood", "0402", "201", 640, 2),
    ("河道清淤工程", "engineering", "0301", "113", 2750, 3), ("困难群众救助补助", "livelihood", "0701", "109", 1900, None),
)  # fmt: skip
PAST_PROJECTS = (
    ("城区公厕提升工程", "livelihood", "0401", "114", 860, 0), ("中小学信息化设备", "livelihood", "0101", "101", 1750, 4),
    ("滨河公园一期", "engineering", "0402", "104", 3900, 2), ("疫苗冷链建设", "livelihood", "0201", "102", 720, 5),
    ("农村公路硬化", "engineering", "0501", "105", 2880, 1), ("就业创业补贴", "livelihood", "0702", "107", 1600, None),
    ("工业园区污水管网", "engineering", "0601", "106", 4100, 8), ("老旧小区改造", "livelihood", "0401", "104", 5600, 0),
)  # fmt: skip
