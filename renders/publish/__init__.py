"""What is made of a lesson for people to read: transcript, cover, recording sheet."""
