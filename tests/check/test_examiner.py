"""The examiner: whatever a learner's code does becomes the right verdict."""

import contextlib
import signal
import sys
import threading

import pytest

from workbook.check import Catalogue, Chapter, Examiner, Fault, NotAttempted, Progress, call, expect
from workbook.check.examiner import Interrupted
from workbook.errors import UnknownName, WorkbookError

# What a learner writes lives in files that are not the package's: compiled here under such a name.
LEARNER_FILE = "/home/learner/cell.py"


def learner(source):
    """A namespace in which that source ran, as if it were a notebook cell."""
    namespace = {}
    exec(compile(source, LEARNER_FILE, "exec"), namespace)  # noqa: S102  as a kernel does
    return namespace


@pytest.fixture
def judge():
    """Judges with a check given on the spot: `judge(check, answer, …)`."""

    def judge(check, *answers, **options):
        chapter = Chapter("shop", title="Shop", minutes=1)
        chapter.exercise(
            "sell", title="Sell", minutes=1, difficulty="easy", hints=("one", "two", "three")
        )(check)
        progress = Progress()
        result = Examiner(Catalogue([chapter]), progress, **options).check("sell", *answers)
        return result, progress

    return judge


def doubles(function):
    expect(call(function, 2, called="double(2)"), 4, called="double(2)", because="it adds")


def test_an_answer_that_meets_every_expectation_passes(judge):
    verdict, _ = judge(doubles, lambda n: n * 2)
    assert "passed" == verdict.status.value


def test_a_failed_expectation_says_call_expected_got_and_why(judge):
    verdict, _ = judge(doubles, lambda n: n + 1)
    failure = verdict.failure
    assert ("double(2)", "4", "3", "it adds") == (
        failure.called,
        failure.expected,
        failure.got,
        failure.because,
    )


@pytest.mark.parametrize("nothing", [..., None])
def test_a_blank_is_not_attempted_and_not_wrong(judge, nothing):
    verdict, _ = judge(doubles, nothing)
    assert "not attempted" == verdict.status.value


def test_not_implemented_counts_as_not_attempted(judge):
    def unwritten(n):
        raise NotImplementedError

    verdict, _ = judge(doubles, unwritten)
    assert "not attempted" == verdict.status.value


def test_a_check_may_say_what_to_do_first(judge):
    def check(answer):
        raise NotAttempted("Add a route first.")

    verdict, _ = judge(check, 1)
    assert ("not attempted", "Add a route first.") == (verdict.status.value, verdict.reason)


def test_an_exception_in_the_answer_fails_with_its_line(judge):
    code = "def double(n):\n    return {}['missing']\n"
    verdict, _ = judge(doubles, learner(code)["double"])
    assert "failed" == verdict.status.value
    assert "KeyError: 'missing'" == verdict.failure.got
    assert verdict.failure.line.startswith("line 2")


def test_an_exception_of_many_lines_is_told_by_its_first(judge):
    code = "def double(n):\n    raise ValueError('2 problems\\nfirst\\nsecond')\n"
    verdict, _ = judge(doubles, learner(code)["double"])
    assert "ValueError: 2 problems" == verdict.failure.got


def test_an_answer_with_the_wrong_parameters_fails_and_is_no_fault_of_the_check(judge):
    verdict, _ = judge(doubles, lambda: 4)
    assert "failed" == verdict.status.value


def test_an_answer_that_exits_does_not_end_the_kernel(judge):
    verdict, _ = judge(doubles, lambda n: sys.exit(3))
    assert "SystemExit: 3" == verdict.failure.got


def test_an_exception_of_the_check_is_reported_as_ours(judge):
    def broken(answer):
        return {}["no such key"]

    fault, progress = judge(broken, 1)
    assert isinstance(fault, Fault)
    assert "our fault, not yours" in repr(fault)
    assert 0 == progress.attempts("sell")


def test_an_exception_that_leaves_learner_code_uncaught_is_the_learners(judge):
    """As when a framework calls the learner's code and lets the exception through."""
    answer = learner("def view():\n    raise ValueError('stock')\n")["view"]
    verdict, _ = judge(lambda view: view(), answer)
    assert "ValueError: stock" == verdict.failure.got


@pytest.mark.parametrize(
    "body",
    ["while True: pass", "while True:\n    try: len('x')\n    except Exception: pass"],
    ids=["bare loop", "loop that catches Exception"],
)
def test_an_endless_loop_is_stopped_and_named(judge, body):
    code = "def double(n):\n    " + body.replace("\n", "\n    ") + "\n"
    verdict, _ = judge(doubles, learner(code)["double"], limit_seconds=0.2)
    assert "an answer within 0.2 seconds" == verdict.failure.expected
    assert verdict.failure.line.startswith("line")


def test_an_endless_loop_is_stopped_outside_the_main_thread_too(judge):
    spin = learner("def double(n):\n    while True: pass\n")["double"]
    found = []
    thread = threading.Thread(target=lambda: found.append(judge(doubles, spin, limit_seconds=0.2)))
    thread.start()
    thread.join(10)
    assert "failed" == found[0][0].status.value


def test_the_loop_that_cannot_be_stopped_is_told_what_to_do(judge, capfd):
    """A bare except swallows the stop; this one gives up after some, so that the test ends."""
    code = (
        "def spin():\n"
        "    while True: pass\n"
        "def double(n):\n"
        "    swallowed = 0\n"
        "    while swallowed < 3:\n"
        "        try: spin()\n"
        "        except: swallowed += 1\n"
        "    return 4\n"
    )
    judge(doubles, learner(code)["double"], limit_seconds=0.1)
    assert "Restart the kernel" in capfd.readouterr().err


def test_the_timer_of_the_surrounding_program_is_put_back(judge):
    before = signal.getsignal(signal.SIGALRM)
    judge(doubles, lambda n: n * 2)
    assert before is signal.getsignal(signal.SIGALRM)


def test_an_interrupt_goes_through_in_one_line(judge):
    def interrupted(n):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        judge(doubles, interrupted)
    assert 1 == len(stopped.value._render_traceback_())


def test_what_the_answer_prints_does_not_drown_the_verdict(judge, capsys):
    def noisy(n):
        print("debugging")
        return n * 2

    judge(doubles, noisy)
    assert "" == capsys.readouterr().out


def test_a_check_runs_in_its_surroundings_and_leaves_them(judge):
    entered = []

    @contextlib.contextmanager
    def surroundings():
        entered.append("in")
        yield
        entered.append("out")

    judge(lambda answer: entered.append("check"), 1, surroundings=surroundings)
    assert ["in", "check", "out"] == entered


def test_the_wrong_number_of_answers_is_one_clear_sentence(judge):
    with pytest.raises(WorkbookError, match=r'check\("sell"\) got 2 answers, and wants 1'):
        judge(doubles, 1, 2)


def test_a_misspelt_exercise_is_answered_with_the_nearest():
    chapter = Chapter("shop", title="Shop", minutes=1)
    chapter.exercise("read-one-item", title="", minutes=1, difficulty="easy", hints=("", "", ""))(
        doubles
    )
    with pytest.raises(UnknownName, match='Did you mean "read-one-item"'):
        Examiner(Catalogue([chapter]), Progress()).check("raed-one-item", 1)


def test_true_does_not_pass_for_one(judge):
    verdict, _ = judge(lambda answer: expect(answer, 1, called="answer"), True)
    assert "failed" == verdict.status.value


def test_an_answer_whose_repr_raises_still_gets_its_verdict(judge):
    class Awkward:
        def __repr__(self):
            raise RuntimeError("no words")

    verdict, _ = judge(lambda answer: expect(answer, 1, called="answer"), Awkward())
    assert "<Awkward, whose repr raises RuntimeError>" == verdict.failure.got


def test_checking_twice_gives_the_same_verdict(judge):
    assert judge(doubles, lambda n: 5)[0] == judge(doubles, lambda n: 5)[0]
