"""The environment that commands run in, made from the lock on first use.

    python3 -m workbook lab
      │
      ▼
    pythons     does this Python fit requires-python? if not, start anew with one that does
      ▼
    entering    which environment: this one, an active one that satisfies the lock, or .venv?
      │           ├── pins       what the lock asks for, and what an environment lacks of it
      │           └── making     .venv: under a file lock, marked as ours, stamped when whole
      │                 └── installing   uv or pip
      │                       ├── watching   their progress
      │                       └── failures   what their many lines mean, in one sentence
      ▼
    wheelhouse  inside it: the wheels that `chalice deploy` packages, fetched once
      │
      ▼
    the command, inside that environment (exec, so that no process stays behind)

`locking` keeps starts at the same time from harming each other.

Standard library only; `pythons` can be read by Python 3.8, the others need a Python that fits.
"""
