"""The content: each chapter's metadata, checks, hints and known answers, and what they stand on.

catalogue.py                all chapters, in reading order
routes_and_decorators.py    one module a chapter
answers/CHAPTER/SLUG.py     other right answers and wrong ones, for the proofs
fixtures.py                 fresh state for every check
"""
