"""How notebooks are made and kept: what authors and CI use, and learners never see.

    solutions/NN_topic.ipynb ──regions──▶ exercises/NN_topic.ipynb     the starters
              │
              └──master──▶ solution("slug"), and the four-way proof     the parts of each exercise

`build` writes the exercises, runs every notebook and keeps its outputs; `build --check` says what
has drifted.
"""
