"""The Embeddings Are the Weights: what a lesson imports."""
