"""The sheets that may be brought: the columns of each noun, their headings in both languages, and an example row.

Headings are part of the file format: a sheet made in one language is read in the other. Repeated groups (employers,
contractors) carry a number, so that one row is one record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEVELS = {"正高": "full", "副高": "associate", "中级": "middle", "无": "none"}
LEVELS_EN = {"Full": "full", "Associate": "associate", "Middle": "middle", "None": "none"}
SERVICE = {"在职": "serving", "退休": "retired", "公务员": "civil_servant"}
SERVICE_EN = {"Serving": "serving", "Retired": "retired", "Civil servant": "civil_servant"}
POSTS = {"董事": "director", "监事": "supervisor", "实际控制人": "controller", "负责人": "head", "顾问": "adviser"}
POSTS_EN = {"Director": "director", "Supervisor": "supervisor", "Controller": "controller", "Head": "head",
            "Adviser": "adviser"}  # fmt: skip
KIN = {"配偶": "spouse", "直系血亲": "lineal", "三代以内旁系血亲": "collateral", "近姻亲": "in_law"}
KIN_EN = {"Spouse": "spouse", "Lineal kin": "lineal", "Collateral kin": "collateral", "In-laws": "in_law"}
NATURES = {"咨询机构": "consulting", "会计师事务所": "accounting", "资产评估机构": "appraisal", "律师事务所": "law",
           "科研院所": "institute", "高等院校": "university"}  # fmt: skip
NATURES_EN = {"Consulting firm": "consulting", "Accounting firm": "accounting", "Appraisal firm": "appraisal",
              "Law firm": "law", "Institute": "institute", "University": "university"}  # fmt: skip
DEPARTMENT_KINDS = {"部门": "department", "街道": "street_office", "单位": "unit"}
DEPARTMENT_KINDS_EN = {"Department": "department", "Street office": "street_office", "Unit": "unit"}
CATEGORIES = {"民生": "livelihood", "工程": "engineering", "其他": "other"}
CATEGORIES_EN = {"Livelihood": "livelihood", "Engineering": "engineering", "Other": "other"}
FUNDS = {"一般公共预算": "general", "政府性基金": "government_fund", "国有资本经营": "state_capital",
         "社会保险基金": "social_insurance"}  # fmt: skip
FUNDS_EN = {"General public budget": "general", "Government funds": "government_fund", "State capital": "state_capital",
            "Social insurance": "social_insurance"}  # fmt: skip
RECURRENCES = {"常年性": "standing", "延续性": "continuing", "一次性": "one_off"}
RECURRENCES_EN = {"Standing": "standing", "Continuing": "continuing", "One-off": "one_off"}
ROLES = {"施工": "builder", "供货": "supplier", "设计": "designer", "监理": "supervisor", "服务": "service"}
ROLES_EN = {"Builder": "builder", "Supplier": "supplier", "Designer": "designer", "Supervision": "supervisor",
            "Service": "service"}  # fmt: skip


@dataclass(frozen=True)
class IntakeColumn:
    """One column of a sheet.

    Args:
        key: what the value is called; a group's member is `group.number.member`.
        zh, en: headings.
        kind: which reading of `cells` applies.
        is_personal: shown masked wherever it can be read.
        choices: Chinese word -> key; `choices_en` the same in English.
    """

    key: str
    zh: str
    en: str
    kind: str = "text"
    is_required: bool = False
    is_personal: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    choices_en: Mapping[str, str] = field(default_factory=dict)
    example: str = ""
    hint_zh: str = ""
    hint_en: str = ""

    @property
    def headings(self) -> tuple[str, str]:
        return (self.zh, self.en)


def _choice(
    key: str, zh: str, en: str, choices: Mapping[str, str], choices_en: Mapping[str, str], example: str, **more: bool
) -> IntakeColumn:
    return IntakeColumn(key, zh, en, "choice", choices=choices, choices_en=choices_en, example=example, **more)


def _numbered(count: int, group: str, members: tuple[IntakeColumn, ...]) -> tuple[IntakeColumn, ...]:
    """A group of columns repeated; the example fills the first group only."""
    return tuple(
        IntakeColumn(
            f"{group}.{number}.{member.key}",
            f"{member.zh}{number}",
            f"{member.en} {number}",
            member.kind,
            member.is_required and number == 1,
            member.is_personal,
            member.choices,
            member.choices_en,
            member.example if number == 1 else "",
            member.hint_zh,
            member.hint_en,
        )
        for number in range(1, count + 1)
        for member in members
    )


def _body(zh: str, en: str, example: tuple[str, str], code_zh: str, code_en: str) -> tuple[IntakeColumn, IntakeColumn]:
    return (
        IntakeColumn("name", zh, en, example=example[0]),
        IntakeColumn("code", code_zh, code_en, "credit_code", example=example[1], hint_zh="18 位统一社会信用代码",
                     hint_en="18-character unified social credit code"),
    )  # fmt: skip


_DAY_ZH, _DAY_EN = "2012-07-01、2012年7月 或日期格式均可", "2012-07-01, 2012-07 or a date cell"

EXPERTS: tuple[IntakeColumn, ...] = (
    IntakeColumn("code", "专家编号", "Expert code", "code", hint_zh="留空则自动编号", hint_en="Given by itself if empty"),
    IntakeColumn("name", "姓名", "Name", "name", True, True, example="张示例"),
    IntakeColumn("identity_number", "身份证号", "ID number", "identity", True, True, example="11010519491231002X",
                 hint_zh="先把整列设为“文本”格式再填写", hint_en="Set the column to text before typing"),
    IntakeColumn("mobile", "手机", "Mobile", "mobile", False, True, example="13800000000"),
    IntakeColumn("email", "邮箱", "E-mail"),
    IntakeColumn("education", "学历", "Education", example="硕士"),
    IntakeColumn("speciality", "专业", "Speciality", example="会计学"),
    IntakeColumn("title", "职称名称", "Title", example="高级会计师"),
    _choice("title_level", "职称级别", "Title level", LEVELS, LEVELS_EN, "副高", is_required=True),
    _choice("service_state", "在职情况", "Service", SERVICE, SERVICE_EN, "在职"),
    IntakeColumn("region", "地区", "Region", "code", True, example="370800"),
    IntakeColumn("fields", "主领域", "Main field", "fields", True, example="财务管理", hint_zh="领域编码或名称",
                 hint_en="Code or name of a field"),
    IntakeColumn("further_fields", "次领域", "Further fields", "fields", hint_zh="多个用分号隔开",
                 hint_en="Several are parted by semicolons"),
    IntakeColumn("capacity_year", "年度上限", "Limit a year", "whole", example="6"),
    IntakeColumn("capacity_at_once", "同时上限", "Limit at once", "whole", example="3"),
    IntakeColumn("admitted_on", "入库日期", "Admitted on", "day", example="2025-03-15", hint_zh=_DAY_ZH, hint_en=_DAY_EN),
    IntakeColumn("term_until_on", "聘期至", "Term until", "day", example="2028-03-14"),
    IntakeColumn("source", "来源", "Source", example="单位推荐"),
    *_numbered(3, "spells", (
        *_body("工作单位", "Employer", ("示例会计师事务所", "91370800MA3C00000J"), "信用代码", "Credit code"),
        IntakeColumn("position", "职务", "Position", example="合伙人"),
        IntakeColumn("from_on", "入职", "From", "past_day", example="2015-04", hint_zh=_DAY_ZH, hint_en=_DAY_EN),
        IntakeColumn("until_on", "离职", "Until", "past_day", hint_zh="在职则留空", hint_en="Empty while it lasts"),
        IntakeColumn("is_part_time", "兼职", "Part-time", "flag"),
    )),
    *_numbered(2, "posts", (
        *_body("任职机构", "Body of post", ("", ""), "任职机构代码", "Code of that body"),
        _choice("kind", "任职", "Post", POSTS, POSTS_EN, ""),
        IntakeColumn("from_on", "任职起", "Post from", "past_day"),
        IntakeColumn("until_on", "任职止", "Post until", "past_day"),
    )),
    *_numbered(2, "kin", (
        *_body("亲属单位", "Relative's employer", ("", ""), "亲属单位代码", "Code of that employer"),
        _choice("relation", "亲属关系", "Relation", KIN, KIN_EN, ""),
        IntakeColumn("is_leader", "亲属为负责人", "Is its leader", "flag"),
    )),
    *_numbered(2, "licences", (
        IntakeColumn("kind", "执业资格", "Licence", example="注册会计师"),
        IntakeColumn("number", "证书编号", "Licence number", "code", example="370800010001"),
        IntakeColumn("expires_on", "证书有效期至", "Licence until", "day", example="2028-12-31"),
    )),
)  # fmt: skip

AGENCIES: tuple[IntakeColumn, ...] = (
    IntakeColumn("code", "机构编号", "Agency code", "code", hint_zh="留空则自动编号", hint_en="Given by itself if empty"),
    IntakeColumn("body.name", "机构名称", "Name", is_required=True, example="示例会计师事务所有限公司"),
    IntakeColumn("body.code", "信用代码", "Credit code", "credit_code", True, example="91370800MA3C00000J"),
    _choice("nature", "机构性质", "Nature", NATURES, NATURES_EN, "会计师事务所", is_required=True),
    IntakeColumn("founded_on", "成立日期", "Founded on", "past_day", example="2009-06-01", hint_zh=_DAY_ZH,
                 hint_en=_DAY_EN),
    IntakeColumn("legal_representative", "法定代表人", "Legal representative", example="李示例"),
    IntakeColumn("contact_name", "联系人", "Contact", example="王示例"),
    IntakeColumn("contact_mobile", "联系手机", "Contact's mobile", "mobile", False, True, example="13800000000"),
    IntakeColumn("email", "邮箱", "E-mail"),
    IntakeColumn("region", "地区", "Region", "code", True, example="370800"),
    IntakeColumn("fields", "主领域", "Main field", "fields", True, example="财务管理"),
    IntakeColumn("further_fields", "次领域", "Further fields", "fields"),
    IntakeColumn("capacity_year", "年度上限", "Limit a year", "whole", example="10"),
    IntakeColumn("capacity_at_once", "同时上限", "Limit at once", "whole", example="3"),
    IntakeColumn("on_credit_platform", "已录入信用平台", "On the credit platform", "flag", example="是"),
    IntakeColumn("admitted_on", "入库日期", "Admitted on", "day"),
    IntakeColumn("term_until_on", "入库期至", "Term until", "day"),
    *_numbered(3, "staff", (
        IntakeColumn("name", "人员姓名", "Person", "name", example="赵示例"),
        IntakeColumn("identity_number", "人员身份证号", "Person's ID number", "identity", False, True),
        IntakeColumn("position", "人员职务", "Person's position", example="部门经理"),
        _choice("title_level", "人员职称级别", "Person's title level", LEVELS, LEVELS_EN, "中级"),
        IntakeColumn("licence", "人员资格", "Person's licence", example="注册会计师"),
        IntakeColumn("is_lead_evaluator", "主评人", "Lead evaluator", "flag", example="是"),
    )),
    *_numbered(2, "licences", (
        IntakeColumn("kind", "机构资质", "Licence", example="会计师事务所执业证书"),
        IntakeColumn("number", "资质编号", "Licence number", "code", example="37080001"),
        IntakeColumn("expires_on", "资质有效期至", "Licence until", "day"),
    )),
    *_numbered(3, "holders", (
        *_body("股东", "Holder", ("", ""), "股东代码", "Holder's code"),
        IntakeColumn("share_weight", "持股比例（%）", "Share (%)", "percent"),
    )),
    *_numbered(3, "business", (
        *_body("付费单位", "Paid by", ("", ""), "付费单位代码", "Payer's code"),
        IntakeColumn("subject", "业务内容", "Business"),
        IntakeColumn("amount_fen", "金额（万元）", "Amount (¥10,000)", "wan"),
        IntakeColumn("from_on", "业务起", "Business from", "day"),
        IntakeColumn("until_on", "业务止", "Business until", "day"),
    )),
)  # fmt: skip

DEPARTMENTS: tuple[IntakeColumn, ...] = (
    _choice("kind", "类别", "Kind", DEPARTMENT_KINDS, DEPARTMENT_KINDS_EN, "部门", is_required=True),
    IntakeColumn("budget_code", "预算编码", "Budget code", "code", True, example="101",
                 hint_zh="前面的 0 不可丢，先把列设为“文本”", hint_en="Keep leading zeros: set the column to text"),
    IntakeColumn("department_code", "上级部门编码", "Department's code", "code", hint_zh="只有“单位”填写",
                 hint_en="For units only"),
    IntakeColumn("body.name", "名称", "Name", is_required=True, example="示例区教育局"),
    IntakeColumn("body.code", "信用代码", "Credit code", "credit_code", example="113708000000000019"),
    IntakeColumn("line_section", "业务科室", "Line section", example="教科文科"),
    IntakeColumn("contact_name", "联系人", "Contact", example="孙示例"),
    IntakeColumn("email", "邮箱", "E-mail"),
)  # fmt: skip

PROJECTS: tuple[IntakeColumn, ...] = (
    IntakeColumn("code", "项目编码", "Project code", "code", True, example="370800-2026-0001"),
    IntakeColumn("year", "年度", "Year", "whole", True, example="2026"),
    IntakeColumn("name", "项目名称", "Project", is_required=True, example="示例中学校舍维修"),
    IntakeColumn("department_code", "部门编码", "Department's code", "code", True, example="101"),
    IntakeColumn("unit_code", "单位编码", "Unit's code", "code"),
    _choice("category", "项目类别", "Category", CATEGORIES, CATEGORIES_EN, "民生", is_required=True),
    IntakeColumn("field_code", "专业领域", "Field", "fields", example="教育"),
    IntakeColumn("function_class", "支出功能分类", "Function class", "code", example="2050203"),
    _choice("fund_kind", "资金性质", "Fund", FUNDS, FUNDS_EN, "一般公共预算"),
    _choice("recurrence", "项目性质", "Recurrence", RECURRENCES, RECURRENCES_EN, "一次性"),
    IntakeColumn("from_on", "开始日期", "From", "day", example="2026-03-01", hint_zh=_DAY_ZH, hint_en=_DAY_EN),
    IntakeColumn("until_on", "结束日期", "Until", "day", example="2026-11-30"),
    IntakeColumn("region", "地区", "Region", "code", True, example="370800"),
    IntakeColumn("total_fen", "总投资（万元）", "Total (¥10,000)", "wan", example="1260.00"),
    IntakeColumn("initial_fen", "年初预算（万元）", "Initial budget (¥10,000)", "wan", True, example="860.00"),
    IntakeColumn("adjusted_fen", "调整后预算（万元）", "Adjusted budget (¥10,000)", "wan", True, example="852.50"),
    IntakeColumn("spent_fen", "执行数（万元）", "Spent (¥10,000)", "wan", True, example="788.1234"),
    IntakeColumn("grounds", "立项依据", "Grounds"),
    IntakeColumn("content", "项目内容", "Content"),
    IntakeColumn("goal", "绩效目标", "Goal"),
    IntakeColumn("leader_name", "项目负责人", "Leader", example="周示例"),
    IntakeColumn("is_new", "新增项目", "New project", "flag", example="否"),
    *_numbered(3, "contractors", (
        *_body("承建供货单位", "Contractor", ("示例建设有限公司", "91370800MA3C00001M"), "承建供货单位代码",
               "Contractor's code"),
        _choice("role", "承担内容", "Role", ROLES, ROLES_EN, "施工"),
        IntakeColumn("amount_fen", "合同额（万元）", "Contract (¥10,000)", "wan", example="780.00"),
    )),
)  # fmt: skip

SHEETS: Mapping[str, tuple[IntakeColumn, ...]] = {
    "experts": EXPERTS,
    "agencies": AGENCIES,
    "departments": DEPARTMENTS,
    "projects": PROJECTS,
}
