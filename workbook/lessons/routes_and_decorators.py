"""Chapter 02, routes and decorators: its metadata, and the checks and hints of its exercises."""

from workbook.check import Chapter

chapter = Chapter("routes-and-decorators", title="Routes and decorators", minutes=45)
