"""Ways in which an honest notebook comes in damaged: each takes a right submission, and gives what was handed in."""

import json

import tiny

CASES = {}


def damage(make):
    """Add a way to the list."""
    CASES[make.__name__.replace("_", "-")] = make
    return make


@damage
def nothing(made):
    return made


@damage
def skip_execution_tags_on_tests(made):
    for cell in made["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
    return made


@damage
def replaced_tests(made):
    for cell in made["cells"]:
        if cell["id"].startswith("test-"):
            cell["source"] = "pass"
    return made


@damage
def deleted_tests(made):
    made["cells"] = [c for c in made["cells"] if not c["id"].startswith("test-")]
    return made


@damage
def answer_cell_twice(made):
    made["cells"].insert(2, made["cells"][2])
    return made


@damage
def answer_copied_and_the_stub_left_below(made):
    made["cells"].insert(3, {**made["cells"][2], "source": tiny.STUB})
    return made


@damage
def one_test_twice(made):
    made["cells"].insert(4, made["cells"][3])
    return made


@damage
def everything_twice(made):
    made["cells"] *= 2
    return made


@damage
def schema_version_99(made):
    for cell in made["cells"]:
        cell["metadata"].get("nbgrader", {})["schema_version"] = 99
    return made


@damage
def schema_version_1(made):
    for cell in made["cells"]:
        cell["metadata"].get("nbgrader", {})["schema_version"] = 1
    return made


@damage
def nbgrader_metadata_is_text(made):
    for cell in made["cells"]:
        cell["metadata"]["nbgrader"] = "graded"
    return made


@damage
def all_metadata_lost(made):
    for cell in made["cells"]:
        cell["metadata"] = {}
    return made


@damage
def metadata_and_ids_lost(made):
    for cell in made["cells"]:
        cell["metadata"] = None
        del cell["id"]
    return made


@damage
def points_raised_to_a_thousand(made):
    for cell in made["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["points"] = 1000
    return made


@damage
def claimed_as_answers(made):
    for cell in made["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"grade": False, "solution": True, "locked": False}
    return made


@damage
def answers_after_their_tests(made):
    made["cells"].append(made["cells"].pop(2))
    return made


@damage
def setup_deleted(made):
    del made["cells"][1]
    return made


@damage
def setup_broken(made):
    made["cells"][1]["source"] = "import numpi as np"
    return made


@damage
def answer_turned_into_markdown(made):
    made["cells"][2]["cell_type"] = "markdown"
    return made


@damage
def nbformat_3(made):
    sheet = [{**c, "input": c["source"]} if c["cell_type"] == "code" else c for c in made["cells"]]
    for cell in sheet:
        cell.pop("source") if "input" in cell else None
    return {"worksheets": [{"cells": sheet}], "nbformat": 3, "metadata": {}}


@damage
def nbformat_5(made):
    return made | {"nbformat": 5}


@damage
def nbformat_99(made):
    return made | {"nbformat": 99, "nbformat_minor": "many"}


@damage
def no_nbformat_and_no_metadata(made):
    return {"cells": made["cells"]}


@damage
def sources_as_lists(made):
    for cell in made["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return made


@damage
def windows_line_ends_and_a_mark_of_byte_order(made):
    for cell in made["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return b"\xef\xbb\xbf" + json.dumps(made).encode()


@damage
def utf_16(made):
    return json.dumps(made, ensure_ascii=False).encode("utf-16")


@damage
def latin_1_in_a_comment(made):
    made["cells"][2]["source"] = "# Grüße\n" + made["cells"][2]["source"]
    return json.dumps(made, ensure_ascii=False).encode("latin-1")


@damage
def cells_that_are_none(made):
    made["cells"][3:3] = [None, 7, "cell", [], {}, {"cell_type": None, "source": 5}]
    return made


@damage
def halves_of_characters(made):
    made["cells"][2]["source"] = "# \ud800\n" + made["cells"][2]["source"]
    return made


@damage
def outputs_full_of_html(made):
    made["cells"][2]["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": "<script>"}}
    ]
    return made


@damage
def extra_cells_between(made):
    made["cells"].insert(
        3, {"cell_type": "code", "metadata": {}, "source": "print(double(np.ones(2)))"}
    )
    made["cells"].insert(3, {"cell_type": "raw", "source": "raw"})
    return made
