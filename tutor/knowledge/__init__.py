"""What the tutor knows from elsewhere: files that learners and teachers bring."""
