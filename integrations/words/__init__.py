"""What clients read, in their language: translations by gettext, and money, days and numbers as people write them."""
