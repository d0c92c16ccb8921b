"""The quiz's rules, its verdicts, and the texts it sends."""

from __future__ import annotations

import hashlib
import json
import math
import random
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from traitlets import TraitError

from convbook.widgets import Quiz
from convbook.widgets.quiz import Option
from convbook.widgets.quiz.judging import judge_choice, judge_number, read_number
from convbook.widgets.source import FOLDER

SVG = "{http://www.w3.org/2000/svg}"
ONE = [
    Option("3×3", "Three positions a side.", right=True),
    Option("`5×5`", "Only padding keeps it."),
    Option("2×2", "One more fits."),
]
TWO = [{**vars(ONE[0])}, {**vars(ONE[1]), "right": True}, {**vars(ONE[2])}]
ASK = "Which shape?"
# What is typed, and every number it can mean, worked out by hand.
TYPED = {
    "9": [9.0],
    " 9,0 ": [9.0],
    "3.5": [3.5],
    "−3,5": [-3.5],
    "– 3": [-3.0],
    "+.5": [0.5],
    "0,125": [0.125],
    "93,322": [93322.0, 93.322],
    "93 322": [93322.0],
    "93\u202f322": [93322.0],
    "1,234,567.5": [1234567.5],
    "8E9": [8e9],
    "1e999": [],
    "3 4": [],
    "1.2.3": [],
    "1,2,3": [],
    "٣": [],
    "nine": [],
    "": [],
}


@pytest.mark.parametrize(("typed", "numbers"), TYPED.items())
def test_when_a_number_is_typed_then_every_reading_of_it_is_found(typed, numbers):
    assert read_number(typed) == numbers


def test_when_python_and_the_page_judge_the_same_then_they_agree():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    chance = random.Random(3)
    made = [
        "".join(chance.choices("0123459,.−- eE\u202f", k=chance.randint(1, 9))) for _ in range(600)
    ]
    numbers = [
        (typed, chance.choice([9, -3.5, 0.1, 93.322]), chance.choice([0, 0.2, 1]), [4, 5.5, -9])
        for typed in [*TYPED, *made]
    ]
    right = [True, False, True, False]
    choices = [[i for i in range(4) if mask >> i & 1] for mask in range(16)]
    script = f"""
        import {{ judgeChoice, judgeNumber, readNumber }} from "{FOLDER}/quiz/judging.js";
        const {{ numbers, choices, right }} = JSON.parse(process.argv[1]);
        console.log(JSON.stringify({{
          read: numbers.map(([typed]) => readNumber(typed)),
          judged: numbers.map((one) => Object.values(judgeNumber(...one))),
          chosen: choices.map((one) => judgeChoice(one, right)),
        }}));"""
    given = json.dumps({"numbers": numbers, "choices": choices, "right": right})
    command = [node, "--input-type=module", "--eval", script, given]
    page = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert page["read"] == [read_number(typed) for typed, *_ in numbers]
    assert page["judged"] == [list(judge_number(*one)) for one in numbers]
    assert page["chosen"] == [judge_choice(one, right) for one in choices]


def test_when_one_option_is_right_then_only_it_checked_solves_the_quiz():
    quiz = Quiz(ASK, ONE)
    assert quiz.kind == "one"
    quiz.chosen = [0]
    assert not quiz.solved
    quiz.checked = True
    assert quiz.solved
    quiz.chosen = [1]
    assert not quiz.solved


def test_when_several_are_right_then_all_of_them_and_no_other_solve_the_quiz():
    quiz = Quiz(ASK, TWO)
    assert quiz.kind == "several"
    quiz.checked = True
    solved = []
    for chosen in ([], [0], [0, 1, 2], [1, 0]):
        quiz.chosen = chosen
        solved.append(quiz.solved)
    assert solved == [False, False, False, True]
    assert quiz.chosen == [0, 1]


@pytest.mark.parametrize(
    ("typed", "solved"),
    [("−4,2", True), ("-4.5", True), ("-4.51", False), ("4", False), ("four", False), ("", False)],
)
def test_when_a_number_is_asked_for_then_those_within_the_tolerance_solve_it(typed, solved):
    quiz = Quiz.number("Sum?", -4, "four less", tolerance=0.5, wrong={4: "the sign"})
    quiz.set_state({"typed": typed, "checked": True})
    assert quiz.solved is solved
    assert quiz.wrong == [{"value": 4.0, "explanation": "the sign"}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ONE[:1], r"options holds 1, but a choice needs from 2 to 12: add or drop some, or ask"),
        ([], r"options holds 0, but a choice needs from 2 to 12"),
        (ONE[1:], r"options holds no right one, but at least one must be right: set right=True"),
        ([*ONE, ONE[0]], r"options 1 and 4 have the same text \(='3×3'\).*: reword or drop one"),
        ([*ONE, Option(" ", "x")], r"text of option 4 \(=' '\) must be text of 1 to 2000 char"),
        ([*ONE, Option("x", "")], r"explanation of option 4 \(=''\) must be text of 1 to 2000"),
        ([*ONE, {"text": "x"}], r"option 4 \(=\{'text': 'x'\}\) must be an Option or a dict with"),
        ([*ONE, "x"], r"option 4 \(='x'\) must be an Option or a dict"),
        ([*ONE, Option("x", "y", right=1)], r"option 4 has right \(=1\), but it must be True or"),
    ],
)
def test_when_options_break_a_rule_then_the_error_names_value_rule_and_fix(options, message):
    with pytest.raises(TraitError, match=message):
        Quiz(ASK, options)
    quiz = Quiz(ASK, ONE)
    with pytest.raises(TraitError, match=message):
        quiz.options = options
    assert len(quiz.options) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": " "}, r"question \(=' '\) must be text of 1 to 2000 characters: write"),
        ({"answer": float("nan")}, r"answer \(=nan\) must be a finite number, such as 9 or -3.5"),
        ({"answer": "nine"}, r"answer \(='nine'\) must be a finite number"),
        ({"explanation": ""}, r"explanation \(=''\) must be text"),
        ({"tolerance": -1}, r"tolerance \(=-1\) must be at least 0: drop the minus"),
        ({"wrong": {9.2: "x"}, "tolerance": 0.5}, r"wrong holds 9.2, but that counts as right \(a"),
        ({"wrong": {4: ""}}, r"wrong\[4\] \(=''\) must be text"),
        ({"key": ""}, r"key \(=''\) must be text"),
    ],
)
def test_when_a_number_question_breaks_a_rule_then_the_error_says_so(changes, message):
    with pytest.raises(TraitError, match=message):
        Quiz.number(**{"question": "Sum?", "answer": 9, "explanation": "3 · 3", **changes})


@pytest.mark.parametrize(
    ("quiz", "name", "value", "message"),
    [
        (Quiz(ASK, ONE), "chosen", [3], r"chosen \(=\[3\]\) must hold positions from 0 to 2, each"),
        (Quiz(ASK, TWO), "chosen", [1, 1], r"chosen \(=\[1, 1\]\) must hold positions .* once"),
        (Quiz(ASK, ONE), "chosen", [0, 1], r"chosen \(=\[0, 1\]\) must hold one position at most"),
        (Quiz.number("Sum?", 9, "x"), "chosen", [0], r"chosen \(=\[0\]\) must be empty where a nu"),
        (Quiz.number("Sum?", 9, "x"), "typed", "9" * 41, r"typed .* at most 40 characters: type"),
        (
            Quiz.number("Sum?", 9, "x"),
            "tolerance",
            -1.0,
            r"tolerance \(=-1\) must be at least 0: drop",
        ),
        (Quiz.number("Sum?", 9, "x"), "answer", math.inf, r"answer \(=inf\) must be a finite num"),
        (
            Quiz.number("Sum?", 9, "x"),
            "wrong",
            [{"value": 9, "explanation": "x"}],
            r"wrong holds 9, but that counts as ri",
        ),
    ],
)
def test_when_an_answer_breaks_a_rule_then_the_old_one_stays(quiz, name, value, message):
    before = getattr(quiz, name)
    with pytest.raises(TraitError, match=message):
        setattr(quiz, name, value)
    assert getattr(quiz, name) == before


def test_when_options_change_then_kind_follows_and_the_choice_stays_possible():
    quiz = Quiz(ASK, TWO)
    quiz.chosen = [0, 2]
    quiz.options = ONE[:2]
    assert (quiz.kind, quiz.chosen) == ("one", [0])


def test_when_a_page_is_built_again_then_the_key_is_the_same_and_may_be_given():
    hashed = hashlib.sha256(b"Which shape?").hexdigest()[:16]
    assert Quiz(ASK, ONE).key == Quiz(ASK, TWO).key == hashed
    assert Quiz("Another?", ONE).key != Quiz(ASK, ONE).key
    assert Quiz(ASK, ONE, "shape-1").key == "shape-1"


def test_when_sent_to_the_page_then_every_value_is_json():
    for quiz in (Quiz(ASK, ONE), Quiz.number("Sum?", 9, "x", wrong={4: "y"})):
        sent = {name: quiz.get_state()[name] for name in ("options", "answer", "wrong", "chosen")}
        assert json.loads(json.dumps(sent, allow_nan=False)) == sent


def test_when_drawn_for_paper_then_question_and_options_are_there_and_no_answer():
    svg = Quiz("Is `a < b`, and " + "so on " * 30 + "?", ONE).picture()
    root = ElementTree.fromstring(svg)
    text = " ".join("".join(one.itertext()) for one in root.iter(f"{SVG}text"))
    assert "Is a < b, and so on so on" in text
    assert all(option.text.strip("`") in text for option in ONE)
    assert not any(option.explanation in svg for option in ONE)
    assert root.findtext(f"{SVG}title", "").endswith("A: 3×3; B: 5×5; C: 2×2")
    assert root.findtext(f"{SVG}desc") == "Choose one answer. The live page explains each."
    assert len(list(root.iter(f"{SVG}circle"))) == 3
    assert " id=" not in svg


def test_when_shown_as_text_then_the_answer_is_not_told():
    assert repr(Quiz(ASK, ONE)) == "Quiz('Which shape?', 3 options, not solved)"
    assert repr(Quiz.number("Sum?", 9, "x")) == "Quiz('Sum?', not solved)"
