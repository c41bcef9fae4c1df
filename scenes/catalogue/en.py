"""English."""

from __future__ import annotations

from scenes.catalogue.base import Catalogue

EN = Catalogue(
    language="en",
    iso639_2="eng",
    name="English",
    decimal=".",
    thousands=",",
    percent="%",
    quotes=("“", "”"),
    sizes=("billion", "million", "thousand"),
    a_token="token {id}",
    tokens={
        "": "a space",
        "\n": "a line break",
        "\n\n": "an empty line",
        "\t": "a tab",
        ",": "a comma",
        ".": "a full stop",
        ";": "a semicolon",
        ":": "a colon",
        "?": "a question mark",
        "!": "an exclamation mark",
        "-": "a hyphen",
        "--": "a dash",
        '"': "a quotation mark",
        "'": "an apostrophe",
        "<|endoftext|>": "the end of the text",
    },
    titles={
        "opening": "What comes next?",
        "tokens": "Tokens",
        "embedding": "Embedding",
        "position": "Position",
        "attention": "Attention",
        "output": "Output",
        "loop": "The loop",
    },
    beats={
        "opening.sentence": "“{prompt}” … Which word comes next?",
        "opening.one id": "{prompt} token, given as ids … Which one comes next?",
        "opening.ids": "{prompt} tokens, given as ids … Which one comes next?",
        "opening.model": "We ask {model}: a GPT-2 of {blocks} blocks, with {heads} heads in each, "
        "and {parameters} learned numbers.",
        "opening.promise": "Every number here is read from its run on these words.",
        "tokens.single": "The text is a single token.",
        "tokens.cut": "The text is cut into {count} tokens.",
        "tokens.spaced": "The small mark is a space.",
        "tokens.ids": "Each has a number in the vocabulary: {word} is {id}.",
        "embedding.lookup": "That number picks one {*row}row of a learned table:",
        "embedding.vector": "an embedding of {width} values. For {word}, the {*first}first is {value}.",
        "position.seats": "Order matters, so each {*place}place has a learned {*vector}vector too.",
        "position.add": "The two are {*added}added, cell by cell: {*token}{token} plus {*position}{position} "
        "makes {*sum}{sum}.",
        "attention.head": "Now tokens pass on what they know. Of {count} heads, head {head} of block {block} "
        "carries most to the answer.",
        "attention.scores": "Each token asks with its {*query}query, and answers with its {*key}key. "
        "Their {*dot}dot product scores the match: {*pair}{query} with {key} gets {*score}{score}.",
        "attention.scaled": "Divided by √d_k, the root of {width}, it becomes {after}.",
        "attention.mask": "The future is struck out: no token looks ahead.",
        "attention.softmax": "Softmax turns each row into weights that add up to one.",
        "attention.arcs": "{query} gives {weight} of its attention to {key}.",
        "attention.arcs to itself": "{query} gives {weight} of its attention to itself.",
        "attention.context": "The tokens' values, dimmed by these weights, add up to a context vector.",
        "output.logits": "After {blocks} blocks, the last vector is {*scored}scored against all {size} "
        "tokens: the logits.",
        "output.softmax": "Softmax makes them {*bars}probabilities: {likeliest} gets {*p}{p}.",
        "output.greedy": "The likeliest one is taken: {*chosen}{word}.",
        "output.drawn": "One is drawn by these chances: {*chosen}{word}, which had {chance}.",
        "loop.append": "It joins the sentence, and {*round}all starts again.",
        "loop.next": "Next comes {word}, with {p}.",
        "loop.then": "then {word}, with {p}.",
        "loop.end": "One token at a time: this is how it writes.",
    },
    heard={
        "opening.sentence": "A sentence begins: “{prompt}” … Which word comes next? We follow a language "
        "model while it works that out.",
        "opening.one id": "{prompt} token, given as an id … Which one comes next? We follow a language "
        "model while it works that out.",
        "opening.ids": "{prompt} tokens, given as ids … Which one comes next? We follow a language model "
        "while it works that out.",
        "opening.model": "The model is {model}, a GPT-2. It has {parameters} learned numbers, arranged in "
        "{blocks} blocks, and each block has {heads} attention heads.",
        "opening.promise": "Every number that you hear was read from the model while it ran on these words.",
        "tokens.single": "First, the text is cut into tokens: words, or pieces of words. This text is a "
        "single one.",
        "tokens.cut": "First, the text is cut into tokens: words, or pieces of words. There are {count} of "
        "them.",
        "tokens.spaced": "A space belongs to the token that comes after it.",
        "tokens.ids": "The model does not work with letters. Every token has a fixed number in its "
        "vocabulary: {word} is number {id}.",
        "embedding.lookup": "Such a number says nothing about meaning. So for every token, the model has "
        "learned a list of values, called its embedding.",
        "embedding.vector": "It is {width} values long. For {word}, it begins with {value} and goes on with "
        "{second}.",
        "position.seats": "Order matters as well, so every place in the sentence has a learned list, too.",
        "position.add": "The two lists are added, value by value. At the last token, one of these sums is "
        "{token} plus {position}, which makes {sum}.",
        "attention.head": "At first, every token knows only itself and its place. Attention lets tokens "
        "pass on what they know. Of the {count} heads that do this, we follow the one that "
        "carries most to the answer: head {head} of block {block}.",
        "attention.scores": "Each token asks with a list called its query, and answers with a list called "
        "its key. Multiply the two value by value, add it all up, and you have their dot product: "
        "a score for how well they match. {query}, asking {key}, gets {score}.",
        "attention.scaled": "Long lists make large scores. So each is divided by the root of their length, "
        "the root of {width}, and that score becomes {after}.",
        "attention.mask": "Then the future is struck out. A token may ask itself and what came before it; "
        "anything later would be peeking at the answer.",
        "attention.softmax": "Now a function called softmax turns the scores into weights. They add up to "
        "one, and the better the match, the larger the weight.",
        "attention.arcs": "The outcome: {query} gives {weight} of its attention to {key}.",
        "attention.arcs to itself": "The outcome: {query} gives {weight} of its attention to itself.",
        "attention.context": "Each token also has a third list, its value: this is what it passes on. All "
        "values are mixed in proportion to these weights, and the asking token takes the mixture "
        "away, as a context vector.",
        "output.logits": "The same happens in all {blocks} blocks, one after another. At the end, the list "
        "of the last token is scored against all {size} tokens of the vocabulary. These scores "
        "are called logits.",
        "output.softmax": "Softmax turns them into probabilities. The likeliest token is {likeliest}, with "
        "{p}. In second place comes {other}, with {q}.",
        "output.greedy": "The likeliest one is taken: {word}.",
        "output.drawn": "One of them is drawn by these chances: {word}, which had {chance}.",
        "loop.append": "That token joins the end of the sentence, and everything starts again.",
        "loop.next": "Next comes {word}, with a probability of {p}.",
        "loop.then": "Then {word}, with {p}.",
        "loop.end": "And that is how a language model writes: one token at a time.",
    },
    labels={
        "source": "read from {tensors}",
        "shown": "{shown} of {width} values shown",
        "shown short": "{shown} of {width} values",
        "more": "… {hidden} more",
        "others": "all other tokens together: {share}",
        "ids.one": "{count} token",
        "ids.many": "{count} tokens",
        "card.blocks": "blocks",
        "card.heads": "heads a block",
        "card.width": "width",
        "card.vocabulary": "vocabulary",
        "card.parameters": "parameters",
        "tokens.vocabulary": "ids in a vocabulary of {count}",
        "embedding.table": "learned table",
        "embedding.rows": "{count} rows",
        "position.token": "token",
        "position.position": "position",
        "position.sum": "sum",
        "attention.heads": "heads →",
        "attention.blocks": "blocks →",
        "attention.carried": "carried from earlier tokens",
        "attention.to the logit": "to the logit of the next one",
        "attention.which": "block {block} of {blocks}, head {head} of {heads}",
        "attention.asks": "asks",
        "attention.scores": "score",
        "attention.scaled": "scaled",
        "attention.masked": "scaled",
        "attention.pattern": "weight",
        "attention.sums": "each row sums to one",
        "attention.context": "context",
        "attention.values": "values",
        "output.unembedding": "unembedding",
        "output.temperature": "temperature {value}",
        "output.top_k": "top-k {value}",
        "output.top_p": "top-p {value}",
        "loop.new": "new token {place}",
        "loop.tokens": "tokens",
        "loop.embedding": "embedding",
        "loop.attention": "attention",
        "loop.output": "output",
        "transcript.title": "What a language model does with “{prompt}”",
        "transcript.prompt": "Prompt: “{prompt}”",
        "transcript.model": "Model: {model}, a GPT-2 with {parameters} learned numbers",
        "transcript.went on": "It went on: “{text}”",
        "transcript.length": "Length: {time}",
        "sheet.title": "To be read aloud: “{prompt}”",
        "sheet.how": "Record each part in a WAV file of this name, beside this page. "
        "The time is that of reading at an easy pace; the pictures follow yours.",
    },
)
