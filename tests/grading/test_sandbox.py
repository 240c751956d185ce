"""The sandbox, from inside: what a process sees, what it may do, and what is left of it."""

import copy
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import tiny

from nnlab.grading.bench import Job
from nnlab.grading.sandbox import (
    Limits,
    SandboxError,
    Settings,
    Zygote,
    bubblewrap,
    folders,
    launch,
)
from nnlab.grading.sandbox.facade import build
from nnlab.grading.sandbox.student import Gone, Student, is_late
from nnlab.grading.unit import load_unit


@pytest.fixture(scope="module")
def zygote(isolation, tmp_path_factory, unit):
    course = build(tmp_path_factory.mktemp("facade"), unit.handed_code(), unit.asked)
    zygote = Zygote("bubblewrap", course, Limits(call=3, total=10))
    yield zygote
    zygote.close()


@pytest.fixture
def run(zygote):
    """Run code as a student; return what it printed."""
    with Student(zygote, time.monotonic() + 10) as student:

        def run(code: str) -> str:
            answer = student.run("cell 1", code)
            assert answer["error"] is None, answer["error"]
            return answer["output"].strip()

        yield run


def test_it_sees_no_file_of_the_course_or_the_user(run, root, tmp_path):
    (tmp_path / "gradebook.db").write_text("secret")
    places = [
        root,
        tmp_path,
        Path.home(),
        Path("/tmp"),
        Path("/home"),
        Path("/proc"),
        Path("/etc/passwd"),
        Path("/bin"),
    ]
    seen = run(
        f"import os\nfor place in {[str(p) for p in places]}:\n"
        "    print(os.path.isfile(place) or os.path.isdir(place) and os.listdir(place))"
    )
    assert set(seen.split("\n")) <= {"False", "[]", "['.pyenv']", "['lib', 'bin']"}, seen


def test_it_finds_no_reference_and_no_check_anywhere(zygote):
    code = """
import os
for folder, _, files in os.walk('/'):
    for name in files:
        if name.endswith('.py') and not folder.startswith(('/usr', '/sandbox/site')) and '/lib/python3' not in folder:
            text = open(os.path.join(folder, name)).read()
            if 'adam' in text.lower() or 'BEGIN HIDDEN' in text:
                print(os.path.join(folder, name))
    if os.path.basename(folder) in ('nnlab', 'nbgrader', 'solutions', 'exercises'):
        print(folder, sorted(files))
"""
    patient = Zygote("bubblewrap", zygote.course, Limits(call=60, total=60))
    try:
        with Student(patient, time.monotonic() + 60) as student:
            answer = student.run("cell 1", code)
    finally:
        patient.close()
    assert answer["output"].strip() == "/sandbox/course/nnlab ['__init__.py']", answer["error"]


def test_packages_of_the_machine_and_a_course_among_them_are_covered(
    isolation, tmp_path_factory, tmp_path, unit, monkeypatch
):
    """What stands for /usr/lib here holds nnlab for two Pythons, and a course with its own nnlab and venv."""
    library = tmp_path_factory.mktemp("library")
    course = library / "courses" / "spring"
    secrets = [
        library / "python3" / "dist-packages" / "nnlab" / "grading" / "catalogue.py",
        library / "python3.99" / "site-packages" / "nnlab" / "grading" / "catalogue.py",
        course / "solutions" / "adam" / "adam.md",
        course / "nnlab" / "grading" / "catalogue.py",
        course / ".venv" / "lib" / "python3.99" / "site-packages" / "nnlab.py",
    ]
    for secret in [*secrets, library / "libc.so"]:
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text("BEGIN HIDDEN TESTS")
    libraries = [*bubblewrap._libraries(), library]
    monkeypatch.setattr(bubblewrap, "_libraries", lambda: libraries)
    monkeypatch.setattr(bubblewrap, "ROOT", course / "nnlab")
    zygote = Zygote("bubblewrap", build(tmp_path, unit.handed_code(), unit.asked), Limits(10, 30))
    code = f"""
import os
for folder, _, files in os.walk({str(library)!r}):
    print(*(os.path.join(folder, name) for name in files))
"""
    try:
        with Student(zygote, time.monotonic() + 30) as student:
            answer = student.run("cell 1", code)
    finally:
        zygote.close()
    assert answer["error"] is None
    assert answer["output"].split() == [str(library / "libc.so")]


def test_its_environment_is_clean(run):
    seen = run("import os\nprint(sorted(os.environ))")
    assert seen == str(sorted([*bubblewrap.environment(), "PWD"]))
    assert run("import sys\nprint(sys.flags.hash_randomization, sys.flags.no_site)") == "0 1"


def test_it_is_alone(run):
    assert run("import os\nprint(os.getpid(), os.getuid())") == "1 65534"
    code = """
import os
found = []
for pid in range(2, 5000):
    try:
        os.kill(pid, 0)
        found.append(pid)
    except ProcessLookupError:
        pass
print(found)
"""
    assert run(code) == "[]"


@pytest.mark.parametrize(
    "attempt",
    {
        "fork": "os.fork()",
        "execute": "os.execv('/usr/bin/python3', ['x'])",
        "socket": "socket.socket()",
        "thread": "threading.Thread(target=print).start()",
        "memory-file": "os.memfd_create('x')",
        "open-descriptor-of-process": "os.pidfd_open(1)",
        "write-elsewhere": "open('/usr/lib/x', 'w')",
        "write-in-sandbox": "open('/sandbox/course/nnlab/x.py', 'w')",
        "write-root": "open('/x', 'w')",
        "large-file": "open('x', 'wb').write(bytes(40_000_000))",
        "much-memory": "np.ones(200_000_000)",
        "raise-limits": "resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))",
        "namespace": "must(libc.unshare(0x10000000))",
        "mount": "must(libc.mount(b'x', b'/work', b'tmpfs', 0, None))",
        "trace": "must(libc.ptrace(0, 0, 0, 0))",
        "be-root": "os.setuid(0)",
        "regain-capabilities": "must(libc.capset((c * 2)(0x20080522), (c * 6)(*[255] * 6)))",
    }.values(),
)
def test_it_is_refused(attempt, run):
    code = f"""
import ctypes, os, resource, signal, socket, threading
import numpy as np
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
libc, c = ctypes.CDLL(None, use_errno=True), ctypes.c_uint32
def must(result):
    if result:
        raise OSError(ctypes.get_errno(), 'refused')
try:
    {attempt}
    print('allowed')
except (OSError, RuntimeError, MemoryError, ValueError) as error:
    print('refused', type(error).__name__)
"""
    assert run(code).startswith("refused")


def test_what_one_leaves_the_next_does_not_find(zygote):
    for _ in range(2):
        with Student(zygote, time.monotonic() + 10) as student:
            answer = student.run(
                "cell 1", "import os\nprint(os.listdir('.'))\nopen('left', 'w').write('x')"
            )
            assert (answer["output"], answer["error"]) == ("[]\n", None)


def test_the_work_folder_is_the_only_one_that_can_be_written_to(run):
    """The others are those of all submissions: what one leaves there, a solution or gigabytes, would stay."""
    code = """
import os
found = []
for folder, _, _ in os.walk('/'):
    try:
        open(folder + '/left', 'w').close()
        found.append(folder)
    except OSError:
        pass
print(found)
"""
    assert run(code) == "['/work']"


def test_the_devices_of_the_machine_stay_as_they_are(run):
    """A process of root's own is their owner: it could close /dev/null to everybody."""
    devices = [Path("/dev", name) for name in ("null", "zero", "urandom", "random")]
    before = [device.stat().st_ctime_ns for device in devices]
    code = f"""
import os, shutil
for device in {[str(device) for device in devices]}:
    os.chmod(device, 0o666)
    os.utime(device)
    try:
        os.setxattr(device, 'user.x', b'x')
        print('set')
    except PermissionError:
        pass
    try:
        with open(device, 'rb') as file:
            os.fchmod(file.fileno(), 0o666)
    except OSError as error:
        print(error)
open('one', 'w').write('x')
shutil.copy2('one', 'two')
print(sorted(os.listdir('.')))
"""
    assert run(code) == "['one', 'two']"
    assert [device.stat().st_ctime_ns for device in devices] == before


def test_a_name_that_a_test_failed_to_bind_is_not_taken_from_the_student(tmp_path, bench):
    sources = {
        "test-double": "assert double(np.ones(3)).sum() == 6\nwanted = 9.0",
        "test-loss": "assert loss(np.full((4, 2), 3.0), np.zeros((4, 2))) == wanted",
    }
    for folder, made in (("source", tiny.SOURCE), ("release", tiny.RELEASED)):
        made = copy.deepcopy(made)
        for cell in made["cells"]:
            cell["source"] = sources.get(cell["id"], cell["source"])
        path = tmp_path / folder / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(tiny.as_bytes(made))
    unit = load_unit(tmp_path / "source/tiny/tiny.ipynb", tmp_path / "release/tiny/tiny.ipynb")
    for answer, score in ((tiny.RIGHT, tiny.FULL), (tiny.WRONG, 0.0)):
        made = tiny.as_bytes(tiny.submission(answer + "\nwanted = 3.0"))
        verdict = bench.grade(Job(unit, "s01", made, "key", "digest", "seed"), Settings())
        assert verdict.score == score


def test_odd_folders_beside_its_own_stop_nobody(tmp_path, monkeypatch):
    """Anybody on the machine may make a folder in /tmp, and call it what they like."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    odd = {f"{folders.PREFIX}{number}-x" for number in ("9" * 20, "²", "", "-1")}
    for name in odd:
        (tmp_path / name).mkdir()
    own = folders.own_folder()
    assert {path.name for path in tmp_path.iterdir()} == {*odd, own.name}


def test_no_process_is_left(zygote):
    """The whole tree of the sandbox is the same after processes that fight their end."""
    Student(zygote, time.monotonic() + 10).__exit__()
    before = descendants(zygote.process.pid)
    for code in (
        "import ctypes, time\nctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\nwhile True:\n"
        "    try:\n        time.sleep(60)\n    except BaseException: pass",
        "import os\nos._exit(3)",
    ):
        with Student(zygote, time.monotonic() + 1) as student, pytest.raises(Gone):
            student.run("cell 1", code)
    assert descendants(zygote.process.pid) == before


def test_a_cell_without_end_is_interrupted_and_what_was_there_before_is_kept(zygote):
    with Student(zygote, time.monotonic() + 10) as student:
        student.zygote.limits = Limits(call=0.5, total=10)
        answer = student.run("cell 1", "x = 1\nwhile True: pass")
        assert is_late(answer["error"])
        assert student.names(["x"]) == {"x": 1}
        student.run("cell 2", "def f():\n    while True: pass")
        with pytest.raises(Gone, match=r"no answer within 0\.5 seconds"):
            student.names(["f"])["f"]()
        assert student.names(["x"]) == {"x": 1}
    zygote.limits = Limits(call=3, total=10)


def test_closing_ends_everything(isolation, tmp_path):
    zygote = Zygote("bubblewrap", build(tmp_path, [], frozenset()), Limits())
    student = Student(zygote, time.monotonic() + 10)
    student.run("cell 1", "x = 1")
    pids = {zygote.process.pid, *descendants(zygote.process.pid)}
    assert len(pids) >= 4  # bubblewrap, the zygote, the host and the student
    zygote.close()
    student.connection.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(alive(pid) for pid in pids):
        time.sleep(0.01)
    assert not any(alive(pid) for pid in pids)


def test_one_zygote_for_each_submission_where_namespaces_cannot_be_nested(
    isolation, tmp_path, unit
):
    zygote = Zygote("bubblewrap", build(tmp_path, unit.handed_code(), unit.asked), Limits(3, 10))
    zygote.single = True
    pids = set()
    for _ in range(2):
        with Student(zygote, time.monotonic() + 10) as student:
            answer = student.run(
                "cell 1", "import os\nprint(os.listdir('.'))\nopen('left', 'w').write('x')"
            )
            assert (answer["output"], answer["error"]) == ("[]\n", None)
            pids.add(zygote.process.pid)
    zygote.close()
    assert len(pids) == 2


def test_missing_bubblewrap_names_the_package_and_the_choice(monkeypatch):
    monkeypatch.setattr(launch.bubblewrap.shutil, "which", lambda name: None)
    launch.find_isolation.cache_clear()
    with pytest.raises(SandboxError, match=r"apt-get install bubblewrap.*--isolation process"):
        launch.find_isolation("bubblewrap")
    launch.find_isolation.cache_clear()


def test_process_isolation_grades_and_says_that_it_is_weak(unit):
    from nnlab.grading.bench import Bench, Job, Settings

    bench = Bench()
    job = Job(unit, "s01", tiny.as_bytes(tiny.submission()), "key", "digest", "seed")
    try:
        verdict = bench.grade(job, Settings("process", Limits(3, 10)))
    finally:
        bench.close()
    assert verdict.score == tiny.FULL
    assert "NOT safe" in verdict.isolation


def test_the_time_of_a_submission_is_bounded_however_it_is_spent(grade):
    spread = (
        tiny.WRONG
        + "import time\ndef batches(X, size, rng):\n    while True:\n        time.sleep(0.2)\n        yield X"
    )
    start = time.monotonic()
    verdict = grade(tiny.submission(spread), limits=Limits(call=2, total=4))
    assert verdict.status == "timed out"
    assert time.monotonic() - start < 20
    assert np.isfinite(verdict.score)


def alive(pid: int) -> bool:
    """Whether a process runs (and is no zombie)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """List the processes below one."""
    table = subprocess.run(
        ["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True
    ).stdout
    children: dict[int, list[int]] = {}
    for line in table.splitlines()[1:]:
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, waiting = [], [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return sorted(p for p in found if os.path.exists(f"/proc/{p}"))


def test_unseeded_random_numbers_are_the_same_in_every_notebook(zygote):
    code = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    drawn = set()
    for _ in range(3):
        with Student(zygote, time.monotonic() + 10) as student:
            drawn.add(student.run("cell 1", code)["output"])
    assert len(drawn) == 1
