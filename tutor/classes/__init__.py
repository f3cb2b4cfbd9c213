"""What teachers do with a course: rules, homework, reports, and settling what is contested."""
