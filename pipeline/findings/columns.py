"""Every column a finding may show: its words in both languages and how its values are written."""

from __future__ import annotations

# name: (zh, en, kind); kind is text, count, share, number, bool, date or code:<list of ref.codes>
COLUMNS: dict[str, tuple[str, str, str]] = {
    "area_code": ("地区", "Area", "code:areas"),
    "wave_code": ("调查波次", "Survey wave", "code:waves"),
    "population_code": ("调查对象", "Population", "code:populations"),
    "period_code": ("季度", "Quarter", "text"),
    "month_on": ("月份", "Month", "date"),
    "variable_code": ("特征", "Characteristic", "code:variables"),
    "value_code": ("取值", "Value", "code:values"),
    "service_code": ("服务", "Service", "code:services"),
    "station_id": ("驿站编号", "Station id", "text"),
    "station_name": ("驿站", "Station", "text"),
    "class_code": ("类别", "Class", "code:station_classes"),
    "grid_id": ("网格", "Grid cell", "code:grids"),
    "standard_code": ("标准", "Standard", "code:standards"),
    "status_code": ("状态", "Status", "code:check_statuses"),
    "user_group_code": ("人群", "User group", "code:user_groups"),
    "evidence_code": ("三类证据", "Three kinds of evidence", "code:evidence"),
    "section_code": ("部分", "Part", "code:sections"),
    "item_code": ("项目代码", "Item code", "text"),
    "item_zh": ("项目", "Item (Chinese)", "text"),
    "item_en": ("项目（英文）", "Item", "text"),
    "hour": ("钟点", "Hour", "count"),
    "is_weekend": ("周末", "Weekend", "bool"),
    "is_promised": ("是否承诺", "Promised", "bool"),
    "is_offered": ("登记提供", "Declared", "bool"),
    "is_working": ("检查可用", "Found working", "bool"),
    "is_evaluable": ("本期可评价", "Can be judged", "bool"),
    "is_answered_here": ("问卷足够", "Enough answers", "bool"),
    "n": ("受访者数", "Respondents", "count"),
    "n_total": ("受访者合计", "All respondents", "count"),
    "n_need": ("需要的人数", "Respondents in need", "count"),
    "n_need_met": ("需要且得到的人数", "Respondents whose need is met", "count"),
    "n_unmet": ("需要而得不到的人数", "Respondents in unmet need", "count"),
    "est": ("比例", "Share", "share"),
    "lci": ("区间下限", "Interval from", "share"),
    "uci": ("区间上限", "Interval to", "share"),
    "interval": ("区间", "Interval", "share"),
    "need_share": ("需要的比例", "Share in need", "share"),
    "met_share": ("需要且得到的比例", "Share whose need is met", "share"),
    "raw_share": ("样本比例", "Share of the sample", "share"),
    "frame_share": ("总体比例", "Share of the frame", "share"),
    "n_eff": ("有效样本量", "Effective n", "number"),
    "n_stations": ("驿站数", "Stations", "count"),
    "n_stations_offering": ("登记提供的驿站数", "Stations declaring it", "count"),
    "n_stations_working": ("检查可用的驿站数", "Stations found working", "count"),
    "offer_share": ("登记提供的驿站比例", "Share of stations declaring it", "share"),
    "staff_rank": ("站点人员名次", "Rank by staff", "count"),
    "courier_rank": ("受访小哥名次", "Rank by couriers", "count"),
    "n_visits": ("人次", "Visits", "count"),
    "n_served": ("得到服务人次", "Visits served", "count"),
    "n_unserved": ("未得到服务人次", "Visits not served", "count"),
    "served_share": ("得到服务的比例", "Share served", "share"),
    "courier_visit_share": ("小哥人次比例", "Share of visits by couriers", "share"),
    "unknown_visit_share": ("使用者不详比例", "Share of visits by unknown users", "share"),
    "n_keys": ("不同使用者数（最多的一个月）", "Distinct users (largest month)", "count"),
    "n_keys_told": (
        "写明结果的不同使用者数（最多的一个月）",
        "Distinct users in logs that tell outcomes (largest month)",
        "count",
    ),
    "is_outcome_told": ("记录了结果", "Outcome told", "bool"),
    "n_days": ("天数", "Days", "count"),
    "visits_per_day": ("日均人次", "Visits a day", "number"),
    "n_checks": ("检查次数", "Checks", "count"),
    "share_checks_met": ("检查通过比例", "Share of checks met", "share"),
    "n_met": ("已达到", "Met", "count"),
    "n_partly": ("部分达到", "Partly met", "count"),
    "n_not_met": ("未达到", "Not met", "count"),
    "n_unknown": ("不详", "Unknown", "count"),
    "n_not_checked": ("未检查", "Not checked", "count"),
    "met_rate": ("达到比例", "Share met", "share"),
    "value": ("数值", "Value", "number"),
    "people": ("人数", "People", "count"),
    "published": ("公布数字", "Published", "text"),
    "note_zh": ("说明", "Note (Chinese)", "text"),
    "note_en": ("说明（英文）", "Note", "text"),
    "suppressed": ("不公开", "Suppressed", "bool"),
    "suppressed_survey": ("问卷数字不公开", "Survey figures suppressed", "bool"),
    "suppressed_met": ("需要与得到不公开", "Need and met need suppressed", "bool"),
    "suppressed_served": ("得到服务的比例不公开", "Share served suppressed", "bool"),
    "suppressed_use": ("记录数字不公开", "Log figures suppressed", "bool"),
}


def heading(name: str, lang: str) -> str:
    """The heading of a column in one language; its name where it is not listed."""
    found = COLUMNS.get(name)
    return name if found is None else found[0 if lang == "zh" else 1]


def kind(name: str) -> str:
    """How the values of a column are written."""
    return COLUMNS[name][2] if name in COLUMNS else "text"
