"""What the API says about itself: whether it lives, its description, a page to try it."""
