"""Stock nbgrader on this course: run `nnlab release` first (it writes solutions/<unit>/<unit>.ipynb).

It runs tests in the student's own process: right for your own notebooks, wrong for strangers' (`nnlab grade`).
"""

c = get_config()  # noqa: F821 -- nbgrader provides it

c.CourseDirectory.course_id = "nnlab"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# Of solutions/<unit>/ only the notebook concerns nbgrader: the source beside it holds the answers.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.md", ".*"]

c.ExecutePreprocessor.timeout = 60
c.Execute.timeout = 60
# A tag must not switch a test off: nbclient skips cells with its default tag, and "no output" would be full marks.
c.Execute.skip_cells_with_tag = "no-cell-has-this-tag"
# A student who deleted a test gets no points for it instead of no grade at all.
c.OverwriteCells.add_missing_cells = True
