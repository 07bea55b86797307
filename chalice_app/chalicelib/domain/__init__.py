"""The shop's rules: pure functions and frozen values. No AWS, no HTTP, no clock of their own."""
