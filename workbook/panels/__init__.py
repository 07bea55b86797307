"""What the learner sees: pure views, text and HTML from plain data, and thin widgets over them."""
