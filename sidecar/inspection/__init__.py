"""What an upload is judged by: checks look, findings tell, the verdict decides."""
