"""The comparisons behind every trusted check, and what they tell a student."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import (
    Hint,
    Mismatch,
    StudentError,
    check,
    describe,
    expect_close,
    expect_equal,
    expect_error,
)

RIGHT = np.array([[1.0, 2.0], [3.0, 4.0]])
NEGATED = Hint("negated", "You returned the negative.")
TRANSPOSED = Hint("transposed", "You swapped rows and columns.")


def mismatch(call, *args, **kwargs):
    with pytest.raises(Mismatch) as caught:
        call(*args, **kwargs)
    return caught.value


def raising(kind, message=""):
    def call():
        raise StudentError([kind], message)

    return call


def test_when_a_check_is_declared_then_its_docstring_is_its_sentence():
    @check("conv2d", points=2)
    def square(student, rng):
        """conv2d works on squares"""

    assert (square.function, square.name, square.points) == ("conv2d", "square", 2)
    assert square.sentence == "conv2d works on squares"


def test_when_a_check_has_no_docstring_then_it_is_refused():
    with pytest.raises(ValueError, match="check silent needs a docstring"):

        @check("conv2d", points=2)
        def silent(student, rng):
            pass


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "uint8"])
def test_when_values_agree_then_any_real_dtype_passes(dtype):
    expect_close(RIGHT.astype(dtype), RIGHT)


def test_when_values_agree_to_rounding_then_it_passes():
    expect_close(1e6 * RIGHT + 1e-3, 1e6 * RIGHT)


def test_when_values_differ_then_the_first_place_is_named():
    got = RIGHT.copy()
    got[1, 0] = 9
    problem = mismatch(expect_close, got, RIGHT)
    assert problem.reason == "1 of 4 values differ, the first at index (1, 0)"
    assert "array of shape (2, 2), float64" in problem.expected
    assert "9." in problem.actual
    assert problem.hint is None


def test_when_the_shape_differs_then_both_shapes_are_named():
    problem = mismatch(expect_close, RIGHT[:1], RIGHT)
    assert problem.reason == "the shape is (1, 2), it must be (2, 2)"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_when_a_value_is_not_finite_then_it_never_matches(value):
    got = RIGHT.copy()
    got[0, 0] = value
    assert mismatch(expect_close, got, RIGHT).reason == "some values are NaN or infinite"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_when_a_misconception_divides_by_zero_then_it_fits_no_finite_answer(value):
    hints = {NEGATED: np.full((2, 2), value), TRANSPOSED: RIGHT + 3}
    assert mismatch(expect_close, RIGHT + 3, RIGHT, hints).hint is TRANSPOSED


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64"])
def test_when_integers_lie_further_apart_than_their_type_holds_then_they_differ(dtype):
    most = np.array([np.iinfo(dtype).max], dtype)
    assert mismatch(expect_close, most, np.array([np.iinfo(dtype).min], dtype)).reason


@pytest.mark.parametrize("dtype", ["complex128", "bool", "U3", "m8[s]"])
def test_when_the_dtype_is_not_real_then_it_never_matches(dtype):
    got = np.ones((2, 2)).astype("int64").astype(dtype)
    reason = mismatch(expect_close, got, np.ones((2, 2))).reason
    assert reason == f"the values have dtype {got.dtype}, they must be float64"


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float64"])
def test_when_an_array_is_expected_then_it_is_said_to_be_float64_as_in_the_docstring(dtype):
    problem = mismatch(expect_close, RIGHT + 1, RIGHT.astype(dtype))
    assert problem.expected == "array of shape (2, 2), float64\n[[1. 2.]\n [3. 4.]]"


def test_when_a_number_is_expected_then_it_stays_what_it_is():
    assert mismatch(expect_close, 5, 4).expected == "4"
    assert "real numbers" in mismatch(expect_close, np.array(1j), 4).reason


@pytest.mark.parametrize(
    ("value", "kind"), [(RIGHT.tolist(), "a value of type list"), (None, "None"), (1.0, "float")]
)
def test_when_no_array_comes_back_then_its_type_is_named(value, kind):
    reason = mismatch(expect_close, value, RIGHT).reason
    assert kind in reason
    assert "it must return an array" in reason


@pytest.mark.parametrize("value", [5, 5.0, np.float64(5), np.array(5)])
def test_when_a_number_is_expected_then_numbers_of_any_kind_pass(value):
    expect_close(value, 5)


@pytest.mark.parametrize(
    "value", [np.array([5]), "5", [5], None, True, pytest.param(10**5000, id="huge")]
)
def test_when_a_number_is_expected_then_nothing_else_passes(value):
    problem = mismatch(expect_close, value, 1)
    assert problem.expected == "1"


def test_when_a_misconception_fits_then_the_first_such_hint_is_given():
    hints = {TRANSPOSED: RIGHT.T, NEGATED: -RIGHT}
    assert mismatch(expect_close, -RIGHT, RIGHT, hints).hint is NEGATED
    assert mismatch(expect_close, RIGHT.T, RIGHT, hints).hint is TRANSPOSED
    assert mismatch(expect_close, 2 * RIGHT, RIGHT, hints).hint is None


def test_when_a_misconception_has_another_shape_then_its_hint_is_still_found():
    empty = np.zeros((0, 2))
    assert mismatch(expect_close, empty, RIGHT, {NEGATED: empty}).hint is NEGATED


def test_when_plain_data_agree_then_they_are_equal():
    expect_equal((3, [RIGHT], {"k": "v"}), (3, [RIGHT.copy()], {"k": "v"}))


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 4),
        ((1, 2), (1, 2, 3)),
        ([1, True], [1, 1]),
        ([RIGHT], [2 * RIGHT]),
        ([RIGHT], [1]),
        ({"a": 1}, {"b": 1}),
        ({"a": RIGHT}, {"a": -RIGHT}),
    ],
)
def test_when_plain_data_differ_then_it_says_so(actual, expected):
    assert mismatch(expect_equal, actual, expected).reason == "the value differs"


def test_when_the_type_differs_then_both_types_are_named():
    reason = mismatch(expect_equal, 3.0, 3).reason
    assert reason == "it returned a value of type float, it must return a value of type int"


def test_when_plain_data_fit_a_misconception_then_its_hint_is_given():
    assert mismatch(expect_equal, RIGHT, 3, {TRANSPOSED: 4, NEGATED: RIGHT}).hint is NEGATED


def test_when_the_error_is_raised_then_it_passes():
    expect_error(raising("ValueError", "mode is 'odd'"), "ValueError", mentions="odd")


def test_when_another_error_is_raised_then_both_are_named():
    problem = mismatch(expect_error, raising("KeyError", "'odd'"), "ValueError", NEGATED)
    assert problem.reason == "it raised KeyError"
    assert (problem.expected, problem.actual) == ("a ValueError", "KeyError: 'odd'")
    assert problem.hint is NEGATED


def test_when_the_message_lacks_the_word_then_it_says_so():
    problem = mismatch(expect_error, raising("ValueError"), "ValueError", mentions="odd")
    assert problem.reason == "it raised ValueError without 'odd' in its message"
    assert problem.expected == "a ValueError whose message contains 'odd'"


def test_when_no_error_is_raised_then_the_result_is_shown():
    problem = mismatch(expect_error, lambda: 7, "ValueError", NEGATED)
    assert (problem.reason, problem.actual) == ("it raised no error", "7")
    assert problem.hint is NEGATED


def test_when_a_value_is_long_then_its_description_is_cut():
    assert len(describe(list(range(10_000)))) == 800
    assert "..." in describe(np.zeros((500, 500)))


def test_when_python_refuses_to_print_a_number_then_it_is_described():
    assert describe(10**5000) == "a value of type int, too long to print"


@pytest.mark.parametrize("kind", ["TypeError", "EOFError", "NameError", "AssertionError"])
def test_when_an_error_has_another_cause_then_no_misconception_is_named(kind):
    problem = mismatch(expect_error, raising(kind, "something else"), "ValueError", NEGATED)
    assert problem.hint is None
    assert problem.reason == f"it raised {kind}"


@pytest.mark.parametrize("kind", ["KeyError", "IndexError", "UnboundLocalError"])
def test_when_nobody_checked_the_argument_then_the_misconception_is_named(kind):
    assert mismatch(expect_error, raising(kind), "ValueError", NEGATED).hint is NEGATED


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_when_few_bits_make_the_difference_then_the_digits_and_the_dtype_show_it(dtype):
    right = np.array([[2 / 3, 0.25], [0.5, 1.0]])
    problem = mismatch(expect_close, right.astype(dtype), right)
    assert problem.actual.splitlines()[0] == f"array of shape (2, 2), {np.dtype(dtype)}"
    assert problem.actual.splitlines()[1:] != problem.expected.splitlines()[1:]


@given(
    st.floats(-1e3, 1e3).filter(lambda x: float(np.float32(x)) != x),
    st.floats(1e-7, 1e-3),
)
def test_when_two_values_differ_then_their_texts_do(value, step):
    right, wrong = np.array([value]), np.array([value + max(1.0, abs(value)) * step])
    problem = mismatch(expect_close, wrong, right)
    assert problem.actual.splitlines()[1:] != problem.expected.splitlines()[1:]


def test_when_a_number_has_few_bits_then_its_dtype_is_said():
    assert describe(np.float32(0.1)) == "0.10000000149011612, float32"
    assert describe(np.float64(0.1)) == "0.1"
    assert describe(3) == "3"
