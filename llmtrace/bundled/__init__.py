"""The small GPT-2 that ships: weights, tokenizer and card."""
