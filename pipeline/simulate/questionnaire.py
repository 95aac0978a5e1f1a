"""The questionnaire of both waves (what the second asks besides: second_wave.py): questions, options and the standard variables they measure."""

from __future__ import annotations

from pipeline.contracts.wave import Item, Option, Question
from pipeline.simulate.geography import grid_code, grid_label
from pipeline.simulate.labels import label
from pipeline.simulate.world import World

ASKED = (
    "charging", "water", "meal_heating", "toilet", "rest", "cool", "warm", "shelter", "medicine", "meal_discount",
    "cold_storage", "clinic", "legal_advice", "haircut",
)  # fmt: skip
WORDING = {
    "charging": "手机充电", "water": "喝水、接热水", "meal_heating": "热饭（微波炉）", "toilet": "上厕所", "rest": "坐下歇脚",
    "cool": "夏天纳凉", "warm": "冬天取暖", "shelter": "避雨", "medicine": "应急药品", "meal_discount": "优惠用餐",
    "cold_storage": "冰箱冷藏", "clinic": "义诊", "legal_advice": "法律咨询", "haircut": "优惠理发",
}  # fmt: skip
VISITS = (
    ("0", "从不去", 0.0),
    ("1", "不到1次", 0.5),
    ("2", "1–2次", 1.5),
    ("3", "3–4次", 3.5),
    ("4", "5–6次", 5.5),
    ("5", "7次及以上", 8.0),
)
AGREE = ("非常不同意", "不太同意", "一般", "比较同意", "非常同意")
ITEMS = (
    ("a", "驿站里干净整洁", False, "The station is clean"),
    ("b", "进驿站会觉得不好意思", True, "Going in feels awkward"),
    ("c", "工作人员态度好", False, "Staff are friendly"),
    ("d", "东西经常是坏的", True, "Things are often broken"),
    ("e", "位置好找", False, "It is easy to find"),
    ("f", "我愿意再来", False, "I would come again"),
)
FUNNEL = (
    ("aware", "您听说过“暖心驿站”吗？", "Have you heard of the warm-heart stations?"),
    ("found", "需要时您找得到驿站吗？", "Do you find one when you need it?"),
    ("open", "您去的时候驿站开着门吗？", "Was it open when you came?"),
    ("entered", "您进去过吗？", "Have you been inside?"),
    ("served", "您得到想要的服务了吗？", "Did you get the service you wanted?"),
    ("returned", "之后您又去过吗？", "Have you been back?"),
)
NONE, OTHER = "none", "other"
NOT_SHOWN = "not_shown"


def questions(world: World) -> tuple[Question, ...]:
    """All questions in order; codes q1, q2 … are the numbers of the questionnaire."""
    stations = world.stations.table
    grids = [(grid_code(cell), grid_label(world.area, cell)) for cell in range(world.geography.n_cells)]
    places = list(zip(stations["local_code"], stations["name"], strict=True))
    parts = [
        _coded("mode", "您是怎么看到这份问卷的？", "How did you come across this survey?", "modes", ("qr", "intercept", "link")),
        _coded("user_group", "您的职业是？", "What do you do?", "user_groups", ("courier", "rider", "other_outdoor", "office_staff")),
        _coded("platform", "您主要为哪个平台或公司工作？", "Which platform or company?", "platforms",
               ("platform_a", "platform_b", "platform_c", "courier_a", "courier_b", "courier_c", "other"), fill_in="other"),
        _coded("employment_type", "您的用工形式是？", "Type of employment?", "employment_types", ("full_time", "crowd_sourced", "part_time")),
        _coded("shift", "您主要上什么班？", "Which shift?", "shifts", ("day", "evening", "night", "mixed")),
        _open("number", "hours_per_day", "您每天大约工作几小时？", "Hours a day?", 0, 24),
        _coded("gender", "您的性别？", "Gender?", "genders", ("male", "female")),
        _coded("age_band", "您的年龄段？", "Age band?", "age_bands", ("18_25", "26_35", "36_45", "46_plus")),
        _single("grid", "您主要在哪个网格跑单？", "Which grid cell do you work in most?", [(c, t, c) for c, t in grids]),
        _single("station", "您最常去的驿站是？", "Which station do you go to most?", [(c, t, c) for c, t in places]),
        _single("visits_per_week", "您平均每周去驿站几次？", "Station visits a week?", list(VISITS)),
        _multiple("need", "跑单时您需要下面哪些服务？（可多选）", "Which of these do you need while working?", "以上都不需要"),
        _multiple("met", "其中哪些您在上班的地方就能得到？（可多选）", "Which of these do you get where you work?", "以上都得不到"),
        *[_single(name, zh, en, [("1", "是", "yes"), ("2", "否", "no")]) for name, zh, en in FUNNEL],
        _single("felt_welcome", "在驿站里您觉得受欢迎吗？", "Did you feel welcome?", scale("完全不", "非常")),
        _single("satisfaction", "总的来说，您对驿站满意吗？", "How satisfied are you overall?", scale("很不满意", "很满意")),
        _matrix(),
        _single("attention", "为确认您在认真作答，本题请选“比较同意”。", "Attention check: please tick 'agree'.",
                [(str(i + 1), text, str(i + 1)) for i, text in enumerate(AGREE)], expected="4"),
        _open("text", "suggestion", "您还有什么话想说？", "Anything else?", None, None),
        _open("text", "panel", "请自编一个识别码（姓的拼音首字母+名的首字母+生日月日），便于下次匹配", "Self-made code", None, None, personal=True),
    ]  # fmt: skip
    return tuple(_numbered(part, number) for number, part in enumerate(parts, start=1))


def _numbered(part: dict, number: int) -> Question:
    return Question(code=f"q{number}", number=number, **part)


def _single(variable: str, zh: str, en: str, options: list[tuple], **more: object) -> dict:
    made = tuple(
        Option(code=code, number=i, text=text, value=value) for i, (code, text, value) in enumerate(options, start=1)
    )
    return {"type": "single", "variable": variable, "text_zh": zh, "text_en": en, "options": made, **more}


def _coded(variable: str, zh: str, en: str, book: str, codes: tuple[str, ...], fill_in: str = "") -> dict:
    made = tuple(
        Option(
            code=code,
            number=i,
            text=label(book, code),
            text_en=label(book, code, "en"),
            value=code,
            fill_in=code == fill_in,
        )
        for i, code in enumerate(codes, start=1)
    )
    return {"type": "single", "variable": variable, "text_zh": zh, "text_en": en, "options": made}


def _multiple(variable: str, zh: str, en: str, none: str) -> dict:
    made = [
        Option(code=code, number=i, text=WORDING[code], text_en=label("services", code, "en"), value=code)
        for i, code in enumerate(ASKED, start=1)
    ]
    made.append(Option(code=OTHER, number=len(made) + 1, text="其他（请注明）", text_en="Other", fill_in=True))
    made.append(Option(code=NONE, number=len(made) + 1, text=none, text_en="None of these"))
    return {
        "type": "multiple",
        "variable": variable,
        "text_zh": zh,
        "text_en": en,
        "options": tuple(made),
        "missing_none": NONE,
    }


def _open(
    kind: str, variable: str, zh: str, en: str, low: float | None, high: float | None, personal: bool = False
) -> dict:
    return {
        "type": kind,
        "variable": variable,
        "text_zh": zh,
        "text_en": en,
        "min": low,
        "max": high,
        "personal": personal,
    }


def scale(low: str, high: str) -> list[tuple]:
    """Code, wording and value of five points from low to high."""
    words = [f"1（{low}）", "2", "3", "4", f"5（{high}）"]
    return [(str(i), word, float(i)) for i, word in enumerate(words, start=1)]


def _matrix() -> dict:
    return {
        "type": "matrix", "variable": "experience", "text_zh": "您同意下面的说法吗？", "text_en": "Do you agree?",
        "items": tuple(Item(code=code, text=zh, reversed=reverse, text_en=en) for code, zh, reverse, en in ITEMS),
        "options": tuple(Option(code=str(i), number=i, text=text, value=float(i)) for i, text in enumerate(AGREE, start=1)),
    }  # fmt: skip
