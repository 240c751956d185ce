"""Matplotlib loads when a notebook draws, and is otherwise what it always was."""

import subprocess
import sys
import time

import pytest

from nnlab.grading.sandbox import Limits, Zygote
from nnlab.grading.sandbox.facade import build
from nnlab.grading.sandbox.inside import later
from nnlab.grading.sandbox.student import Student

IMPORTS = {
    "import matplotlib.pyplot as plt": False,
    "from matplotlib import pyplot as plt": False,
    "import matplotlib, matplotlib.pyplot as plt\nassert matplotlib.pyplot is plt": False,
    "from matplotlib.pyplot import subplots": True,
    "import matplotlib.pyplot as plt\nplt.rcParams['lines.linewidth'] = 3": True,
    "import matplotlib as mpl, matplotlib.pyplot as plt\nmpl.use('agg'); plt.figure()": True,
    "from matplotlib import cm\nassert cm.viridis(0.5)": False,
    "import matplotlib.patches, matplotlib.pyplot as plt\nplt.gca().add_patch(matplotlib.patches.Circle((0, 0)))": True,
    "from mpl_toolkits.mplot3d import Axes3D\nfrom matplotlib.pyplot import figure\n"
    "figure().add_subplot(projection='3d')": True,
    "import matplotlib.pyplot as plt\nplt.mine = 3\nplt.plot([1])\nassert plt.mine == 3": True,
    "import sys, matplotlib.pyplot as plt\nplt.plot([1])\nassert sys.modules['matplotlib.pyplot'] is plt": True,
    "import matplotlib.pyplot as plt\ntry: plt.nonsense\nexcept AttributeError as e: assert 'nonsense' in str(e)": True,
    "try: import matplotlib.nonsense\nexcept ModuleNotFoundError: pass\nelse: assert False": False,
}


@pytest.mark.parametrize(("code", "drawn"), IMPORTS.items(), ids=range(len(IMPORTS)))
def test_every_way_to_import_works_and_only_use_loads(code, drawn):
    program = f"""
import sys
sys.path.insert(0, {str(later.__file__).rpartition("/")[0]!r})
import later
later.install()
{code}
print(later.has_run(), "matplotlib.figure" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == [str(drawn)] * 2


def test_once_a_notebook_has_drawn_the_next_finds_matplotlib_loaded(isolation, tmp_path):
    zygote = Zygote("bubblewrap", build(tmp_path, [], frozenset()), Limits(10, 60))
    draw = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('mine.png')"
    loaded = "import sys\nprint('matplotlib.figure' in sys.modules)"
    try:
        said = []
        for cells in ([loaded], ["import matplotlib.pyplot as plt", loaded], [draw], [loaded]):
            with Student(zygote, time.monotonic() + 60) as student:
                answers = [student.run(f"cell {n}", cell) for n, cell in enumerate(cells)]
            assert all(answer["error"] is None for answer in answers), answers
            said.append(answers[-1]["output"].strip())
        assert said == ["False", "False", "", "True"]
        assert zygote.draws
    finally:
        zygote.close()
