"""A .qsf says what the questions of a Qualtrics export are; a condition it does not state simply stays in words."""

from __future__ import annotations

from pipeline.readers.surveys import qsf
from pipeline.readers.surveys.outline import Told, ToldOption


def question(identity, tag, kind, selector, **more):
    """One question of a questionnaire."""
    payload = {
        "QuestionText": f"<p>{tag}&nbsp;?</p>",
        "DataExportTag": tag,
        "QuestionType": kind,
        "Selector": selector,
        **more,
    }
    return {"Element": "SQ", "PrimaryAttribute": identity, "Payload": payload}


def selected(identity, choice, conjunction=""):
    """One term of a display condition."""
    term = {"LogicType": "Question", "QuestionID": identity, "Operator": "Selected", "Type": "Expression",
            "ChoiceLocator": f"q://{identity}/SelectableChoice/{choice}", "Description": f"<b>If</b> {identity} is {choice}"}  # fmt: skip
    return term | ({"Conjuction": conjunction} if conjunction else {})


def shown(*terms, **groups):
    """A display condition of one group of terms."""
    return {
        "0": {**{str(i): term for i, term in enumerate(terms)}, "Type": "If"},
        "Type": "BooleanExpression",
        **groups,
    }


CHOICES = {"1": {"Display": "<i>是</i>"}, "2": {"Display": "否"}, "3": {"Display": "其他", "TextEntry": "true"}}
USES = question("QID1", "uses", "MC", "SAVR", Choices=CHOICES, ChoiceOrder=["2", "1", "3"], RecodeValues={"1": "10", "2": 20},
                VariableNaming={"1": "用过"})  # fmt: skip


def form(*elements):
    """What a questionnaire of these questions says."""
    return qsf.form({"SurveyEntry": {}, "SurveyElements": list(elements)})


def test_choices_have_the_codes_and_names_of_exports_in_the_order_shown():
    assert form(USES)["uses"] == Told(
        "uses ?", "single", (ToldOption("20", "否", 20), ToldOption("10", "用过", 10), ToldOption("3", "其他", 3))
    )


def test_rows_of_a_matrix_are_items_and_its_answers_options():
    told = form(question("QID2", "good", "Matrix", "Likert", Choices={"1": {"Display": "水"}}, Answers={"1": {"Display": "差"}, "2": {"Display": "好"}},
                         AnswerOrder=[1, 2], RecodeValues={"1": "-1"}))["good"]  # fmt: skip
    assert (told.type, [item.text for item in told.items]) == ("matrix", ["水"])
    assert [(option.code, option.text, option.number) for option in told.options] == [("-1", "差", -1), ("2", "好", 2)]


def test_each_kind_of_question_has_its_type():
    number = {"Settings": {"ContentType": "ValidNumber"}}
    told = form(
        question("QID1", "a", "MC", "MAVR", Choices=CHOICES), question("QID2", "b", "TE", "SL", Validation=number),
        question("QID3", "c", "TE", "ML"), question("QID4", "d", "RO", "DND", Choices=[{"Display": "甲"}, {"Display": "乙"}]),
        question("QID5", "e", "CS", "VRTL", Choices=CHOICES), question("QID6", "f", "Slider", "HSLIDER", Choices=CHOICES),
        question("QID7", "g", "MC", "NPS", Choices={"1": {"Display": 0}, "2": {"Display": 1}}), question("QID8", "h", "PGR", "DragAndDrop"),
    )  # fmt: skip
    assert {tag: one.type for tag, one in told.items()} == {
        "a": "multiple", "b": "number", "c": "text", "d": "ranking", "e": "allocation", "f": "number", "g": "scale", "h": None,
    }  # fmt: skip
    assert [(option.code, option.text) for option in told["d"].options] == [("1", "甲"), ("2", "乙")]
    assert [option.code for option in told["g"].options] == ["0", "1"]
    assert (len(told["f"].items), told["f"].options) == (3, ())


def test_what_nobody_answers_and_what_was_thrown_away_is_left_out():
    trash = {"Element": "BL", "Payload": [{"Type": "Trash", "BlockElements": [{"QuestionID": "QID9"}]}]}
    gone = question("QID9", "gone", "TE", "SL")
    assert list(
        form(trash, USES, gone, question("QID3", "t", "Timing", "PageTimer"), question("QID4", "d", "DB", "TB"))
    ) == ["uses"]
    trash["Payload"] = {"1": trash["Payload"][0]}
    assert list(form(trash, USES, gone)) == ["uses"]


def test_one_choice_or_another_of_one_question_is_understood():
    either = shown(selected("QID1", 1), selected("QID1", 3, "Or"))
    told = form(USES, question("QID2", "why", "TE", "SL", DisplayLogic=either))["why"]
    assert (dict(told.shown_if), told.condition) == ({"uses": ("10", "3")}, "")


def test_any_other_condition_stays_in_words():
    both = shown(selected("QID1", 1), selected("QID1", 3, "And"))
    unlike = selected("QID1", 1) | {"Operator": "NotSelected"}
    other = shown(selected("QID1", 1), selected("QID7", 1, "Or"))
    for logic in (both, shown(unlike), other, shown(selected("QID1", 8))):
        told = form(USES, question("QID2", "why", "TE", "SL", DisplayLogic=logic))["why"]
        assert told.shown_if == {}
        assert told.condition.startswith("If QID1 is")
