"""Values cross between grader and student as themselves; what cannot cross says so."""

import time

import numpy as np
import pytest

from nnlab.grading import CheckFailed, check, portable
from nnlab.grading.catalogue.backprop_parts import steep, wavy
from nnlab.grading.sandbox import Limits, Zygote
from nnlab.grading.sandbox.facade import build
from nnlab.grading.sandbox.student import Gone, Student
from nnlab.grading.specification import specifications
from nnlab.grading.trusted import free_names


@pytest.fixture(scope="module")
def zygote(isolation, tmp_path_factory):
    zygote = Zygote(
        "bubblewrap", build(tmp_path_factory.mktemp("facade"), [], frozenset()), Limits(3, 30)
    )
    yield zygote
    zygote.close()


@pytest.fixture
def define(zygote):
    """Run a student's code and return one of its names."""
    with Student(zygote, time.monotonic() + 30) as student:

        def define(code, name="f"):
            answer = student.run("cell 1", "import numpy as np\n" + code)
            assert answer["error"] is None, answer["error"]
            return student.names([name])[name]

        yield define


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**200), 2.5, float("inf"), 1 + 2j, "tëxt\n", (), (1, (2.0, [None])), [], {},
        {"t": 1, 2: [3], (1, 2): "x", None: {}},
        np.float32(1.5), np.int8(-3), np.bool_(True), np.array(2.0), np.zeros((0, 3)),
        np.arange(6, dtype=">i2").reshape(2, 3), np.ones((2, 2), complex), np.arange(12.0).reshape(3, 4).T[::2],
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_comes_back_as_it_went(value, define):
    back = define("def f(x): return x")(value)
    assert type(back) is type(value)
    if isinstance(value, (np.ndarray, np.generic)):
        assert back.dtype == value.dtype.newbyteorder("=")
    np.testing.assert_equal(back, value)


def test_state_of_any_kind_is_handed_on(define):
    step = define(
        "class State:\n    n = 0\ndef f(x, state=None):\n    state = state['mine'] if state else State()\n"
        "    state.n += 1\n    return x * state.n, {'mine': state}"
    )
    state = step(2.0)[1]
    assert step(2.0, state)[0] == 4.0
    with pytest.raises(TypeError, match="a State object"):
        np.asarray(state["mine"])


def test_functions_are_called_back_and_forth(define):
    compose = define("def f(g, h):\n    return lambda x: g(h(x)) + 1")
    double = compose(lambda x: 2 * x, abs)
    assert double(-3) == 7
    assert compose(double, double)(1) == 8


def test_a_function_of_the_students_comes_home_as_itself(define):
    own = define("def g(x): return x\ndef f(x): return x is g", "g")
    assert define("", "f")(own) is True
    assert define("", "f")(abs) is False


def test_generators_are_taken_item_by_item(define):
    numbers = define("def f(n):\n    for i in range(n):\n        yield i, np.ones(i)")
    found = list(numbers(3))
    assert [i for i, _ in found] == [0, 1, 2]
    endless = define("def f():\n    while True: yield 1")
    with pytest.raises(RuntimeError, match="does it ever end"):
        list(endless())
    assert define("def f(items): return sum(items)")(iter([1, 2, 3])) == 6


def test_random_generators_draw_the_same_numbers_and_go_on(define):
    draw = define("def f(rng): return rng.normal(size=3)")
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    for _ in range(2):
        np.testing.assert_array_equal(draw(rng), twin.normal(size=3))


def test_arguments_stay_as_they_are_unless_changes_are_asked_for(define):
    change = define("def f(x, rng):\n    x += 1\n    return rng.random()")
    x, rng = np.zeros(2), np.random.default_rng(1)
    before = rng.bit_generator.state
    change(x, rng)
    assert x.tolist() == [0, 0]
    assert rng.bit_generator.state == before
    change.writes_back(x, rng)
    assert x.tolist() == [1, 1]
    assert rng.bit_generator.state != before


@pytest.mark.parametrize(
    ("raised", "kind"),
    {
        "ValueError('bad')": ValueError, "KeyError('bad')": KeyError, "ZeroDivisionError('bad')": ZeroDivisionError,
        "AssertionError('bad')": RuntimeError, "StopIteration('bad')": RuntimeError, "SystemExit('bad')": RuntimeError,
        "type('Own', (ValueError,), {})('bad')": RuntimeError, "KeyboardInterrupt('bad')": RuntimeError,
    }.items(),
)  # fmt: skip
def test_errors_keep_their_kind_and_name_the_line(raised, kind, define):
    function = define(f"def f():\n    raise {raised}")
    with pytest.raises(kind, match="bad") as caught:
        function()
    assert caught.value.line == f"raise {raised}"
    assert caught.value.type_name in raised or caught.value.type_name == "Own"


def test_errors_of_the_grader_reach_the_student(define):
    def fails(x):
        raise ValueError("not so")

    tell = define(
        "def f(g):\n    try:\n        g(1)\n    except ValueError as error:\n        return str(error)"
    )
    assert tell(fails) == "not so"


@pytest.mark.parametrize(
    "result",
    ["10**100_000", "np.zeros(10_000_000)", "[[]] * 300_000", "(x := [], x.append(x))[0]"],
)
def test_what_cannot_cross_is_an_error_and_no_end(result, define):
    function = define(f"def f(): return {result}\ndef g(): return 1")
    with pytest.raises((TypeError, ValueError, RuntimeError)):
        function()
    assert define("", "g")() == 1


def test_functions_are_lent_for_one_test_only(define, zygote):
    with Student(zygote, time.monotonic() + 30) as student:
        student.run(
            "cell 1",
            "kept = []\ndef f(g):\n    kept.append(g)\n    return g(1)\ndef later(): return kept[0](1)",
        )
        names = student.names(["f", "later"])
        assert names["f"](lambda x: x + 1) == 2
        assert names["later"]() == 2
        student.forget()
        with pytest.raises(LookupError, match="earlier cell"):
            names["later"]()


def test_the_end_of_the_process_is_no_exception_that_a_test_may_catch(define):
    function = define("import os\ndef f(): os._exit(0)")
    with pytest.raises(Gone) as caught:
        function()
    assert not isinstance(caught.value, Exception)


def test_what_a_function_does_to_dicts_and_lists_is_repeated_here(define):
    function = define(
        "def f(state, items):\n    state['t'] += 1\n    state['m'] = 2 * state['m']\n    del state['v']\n"
        "    items[0][0] = 7\n    items.append(3)"
    )
    m, first = np.ones(2), np.zeros(2)
    state, items = {"t": 4, "m": m, "v": 0}, [first, 1]
    function.writes_back(state, items)
    assert (state["t"], list(state["m"]), state.keys()) == (5, [2, 2], {"t", "m"})
    assert list(m) == [1, 1]  # replaced in the dict, not changed itself
    assert list(items[0]) == list(first) == [7, 0] and items[1:] == [1, 3]


@pytest.mark.parametrize("line", ["state['t'] = t", "state['v'] = v", "state['v'][:] = v"])
def test_a_state_changed_in_place_fails_here_as_it_does_at_home(define, line):
    code = (
        "import numpy as np\ndef f(theta, grad, state=None, lr=0.01, beta=0.9):\n"
        "    state = state or {'t': 0, 'v': np.zeros_like(theta)}\n"
        "    t, v = state['t'] + 1, beta * state['v'] + lr * grad\n"
        f"    {line}\n    return theta - v, {{'t': t, 'v': v}}\n"
    )
    home = {}
    exec(code, home)
    for function in (home["f"], define(code)):
        with pytest.raises(CheckFailed, match="changed in place"):
            check("heavy_ball_step.state", function)


def test_many_calls_go_together_and_each_has_its_own_end(define):
    function = define("def f(x, y=1):\n    x += y\n    return {1: 10**100_000}.get(y, 1 / y)")
    given = [np.zeros(2) for _ in range(4)]
    calls = [((x,), {"y": y}) for x, y in zip(given, (2, 1, 0, 4), strict=True)]
    answers = function.for_each(calls, {})
    half, huge, undefined, quarter = (result for result, _ in answers)
    assert (half, quarter) == (0.5, 0.25)
    assert huge.type_name == "CannotCross"
    assert isinstance(undefined, ZeroDivisionError)
    assert undefined.line == "return {1: 10**100_000}.get(y, 1 / y)"
    for call, (_, repeat) in zip(calls, answers, strict=True):
        if repeat is not None:
            repeat(call)
    assert [x[0] for x in given] == [2, 0, 0, 4]  # what failed has changed nothing


def test_slow_calls_go_together_as_long_as_there_is_time_and_each_is_made_once(define):
    slow = define(
        "import time\nmade = []\ndef f(n):\n    time.sleep(0.6)\n    made.append(n)\n    return len(made)"
    )
    answers = slow.for_each([((n,), {}) for n in range(6)], {})  # over the 3 seconds of one
    assert answers == [(n, None) for n in range(1, 7)]
    with pytest.raises(Gone, match="no answer within 3 seconds"):
        define("def f(n):\n    while n == 1: pass").for_each([((n,), {}) for n in range(3)], {})


def test_what_goes_to_and_fro_during_one_test_has_an_end(isolation, tmp_path):
    zygote = Zygote("bubblewrap", build(tmp_path, [], frozenset()), Limits(60, 60))
    try:
        with Student(zygote, time.monotonic() + 60) as student:
            student.run(
                "cell 1", "import numpy as np\ndef f(g):\n    while True: g(np.zeros(3_000_000))"
            )
            with pytest.raises(Gone, match="more than 256 MB went to and fro"):
                student.names(["f"])["f"](lambda x: 1.0)
    finally:
        zygote.close()


def test_a_portable_function_is_called_over_there(define):
    """Ours goes as code; what it computes is the same, and no question comes back for it."""
    x = np.array([1.0, 0.5, 2.0])
    for function in (wavy, steep):
        value, kind = define("def f(g, x): return g(x), type(g).__name__")(function, x)
        assert (value, kind) == (function(x), "function")
    lent = define("def f(g): return type(g).__name__")(lambda x: x)
    assert lent == "StubFunction"


def test_a_portable_function_points_at_the_line_that_calls_it(define):
    function = define("def f(g): return g('text')")
    with pytest.raises(ValueError) as caught:
        function(wavy)
    assert caught.value.line == "def f(g): return g('text')"


def test_portable_functions_stand_alone():
    specifications()  # loads the catalogue, where they are
    assert {wavy, steep} <= portable.MARKED
    for function in portable.MARKED:
        _, code = portable.code_of(function)
        assert free_names(code)[0] <= {"np"}, function


def test_code_goes_one_way_only(define):
    """A student's value that claims to be code is not run here."""
    claim = (
        "import sys\nfrom inside import peer\n"
        "worker = next(o for o in __import__('gc').get_objects() if isinstance(o, peer.Peer))\n"
        "worker.keep = lambda value: {'kind': 'code', 'name': 'g', 'code': 'def g(): return 1'}\n"
        "def f(): return object()"
    )
    with pytest.raises(TypeError, match="cannot be read"):
        define(claim)()
