"""nbgrader at home in this course: plain nbgrader and formgrader work from this folder.

Reading this file changes nothing; the sources are written where nbgrader itself runs.
Everything nbgrader writes goes to grading/ (or to the folder in CONVBOOK_GRADING). The sources
of assignments are text in solutions/, written out as notebooks here when they have changed.
"""

import os
from pathlib import Path

from autograder.assignments.course import Course
from autograder.feedback.formgrader import FILTERS, TEMPLATE
from autograder.feedback.page import PREPROCESSORS, FeedbackExporter
from autograder.gradebook.preprocessors import AUTOGRADE, SANITIZE
from autograder.gradebook.release import CODE_STUB, nbgrader_runs, prepare_nbgrader, write_sources

course = Course(Path(__file__).parent)
if nbgrader_runs():
    prepare_nbgrader()
    write_sources(course)

c = get_config()  # noqa: F821 -- given by traitlets
c.CourseDirectory.course_id = "convolutional-networks-by-hand"
c.CourseDirectory.root = str(course.grading)
if os.environ.get("CONVBOOK_DB"):
    c.CourseDirectory.db_url = os.environ["CONVBOOK_DB"]
c.ClearSolutions.code_stub = CODE_STUB
c.Autograde.sanitize_preprocessors = SANITIZE
c.Autograde.autograde_preprocessors = AUTOGRADE
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = PREPROCESSORS
c.PageData.book = course.book
c.HTMLExporter.template_file = TEMPLATE
c.HTMLExporter.filters = FILTERS
c.GradeInJail.course_root = str(course.root)
c.SaveGrades.course_root = str(course.root)
c.RestoreCells.course_root = str(course.root)
c.ShowHarmless.course_root = str(course.root)
c.Exchange.root = str(course.grading / "exchange")
