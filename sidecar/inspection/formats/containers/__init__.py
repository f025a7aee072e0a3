"""What holds other files: archives, packed streams and mails."""
