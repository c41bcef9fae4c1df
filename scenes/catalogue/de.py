"""German. The field's words stay as its German speakers use them: Token, Embedding, Query, Key, Logit."""

from __future__ import annotations

from scenes.catalogue.base import Catalogue

DE = Catalogue(
    language="de",
    iso639_2="deu",
    name="Deutsch",
    decimal=",",
    thousands=".",
    percent="\u00a0%",  # DIN 5008: a space that does not break
    quotes=("„", "“"),
    sizes=("Milliarden", "Millionen", "Tausend"),
    a_token="Token {id}",
    tokens={
        "": "Leerzeichen",
        "\n": "Zeilenumbruch",
        "\n\n": "Leerzeile",
        "\t": "Tabulator",
        ",": "Komma",
        ".": "Punkt",
        ";": "Strichpunkt",
        ":": "Doppelpunkt",
        "?": "Fragezeichen",
        "!": "Ausrufezeichen",
        "-": "Bindestrich",
        "--": "Gedankenstrich",
        '"': "Anführungszeichen",
        "'": "Apostroph",
        "<|endoftext|>": "Textende",
    },
    titles={
        "opening": "Was kommt als Nächstes?",
        "tokens": "Tokens",
        "embedding": "Embedding",
        "position": "Position",
        "attention": "Attention",
        "output": "Ausgabe",
        "loop": "Die Schleife",
    },
    beats={
        "opening.sentence": "„{prompt}“ … Welches Wort kommt als Nächstes?",
        "opening.one id": "{prompt} Token, als Nummer gegeben … Welches kommt als Nächstes?",
        "opening.ids": "{prompt} Tokens, als Nummern gegeben … Welches kommt als Nächstes?",
        "opening.model": "Wir fragen {model}: ein GPT-2 mit {blocks} Blöcken, je {heads} Köpfen "
        "und {parameters} gelernten Zahlen.",
        "opening.promise": "Jede Zahl hier ist aus seinem Lauf mit genau diesen Worten abgelesen.",
        "tokens.single": "Der Text ist ein einziges Token.",
        "tokens.cut": "Der Text wird in {count} Tokens zerlegt.",
        "tokens.spaced": "Das kleine Zeichen ist ein Leerzeichen.",
        "tokens.ids": "Jedes hat eine Nummer im Vokabular: {word} ist {id}.",
        "embedding.lookup": "Diese Nummer wählt eine {*row}Zeile einer gelernten Tabelle:",
        "embedding.vector": "ein Embedding aus {width} Werten. Bei {word} ist der {*first}erste {value}.",
        "position.seats": "Die Reihenfolge zählt, darum hat auch jeder {*place}Platz "
        "einen gelernten {*vector}Vektor.",
        "position.add": "Beide werden {*added}addiert, Zelle für Zelle: {*token}{token} plus "
        "{*position}{position} ergibt {*sum}{sum}.",
        "attention.head": "Nun geben Tokens weiter, was sie wissen. Von {count} Köpfen trägt "
        "Kopf {head} in Block {block} am meisten zur Antwort bei.",
        "attention.scores": "Jedes Token fragt mit seiner {*query}Query und antwortet mit seinem {*key}Key. "
        "Ihr {*dot}Skalarprodukt misst, wie gut beide passen: {*pair}{query} mit {key} bekommt "
        "{*score}{score}.",
        "attention.scaled": "Geteilt durch √d_k, die Wurzel aus {width}, wird daraus {after}.",
        "attention.mask": "Die Zukunft wird gestrichen: Kein Token blickt voraus.",
        "attention.softmax": "Softmax macht aus jeder Zeile Gewichte, die zusammen eins ergeben.",
        "attention.arcs": "{query} richtet {weight} seiner Aufmerksamkeit auf {key}.",
        "attention.arcs to itself": "{query} richtet {weight} seiner Aufmerksamkeit auf sich selbst.",
        "attention.context": "Die Values der Tokens, von diesen Gewichten gedämpft, "
        "summieren sich zu einem Kontextvektor.",
        "output.logits": "Nach {blocks} Blöcken wird der letzte Vektor {*scored}an allen {size} Tokens "
        "gemessen: Das sind die Logits.",
        "output.softmax": "Softmax macht daraus {*bars}Wahrscheinlichkeiten: {likeliest} bekommt {*p}{p}.",
        "output.greedy": "Das wahrscheinlichste wird genommen: {*chosen}{word}.",
        "output.drawn": "Eines wird nach diesen Chancen gezogen: {*chosen}{word}, es hatte {chance}.",
        "loop.append": "Es kommt ans Ende des Satzes, und {*round}alles beginnt von vorn.",
        "loop.next": "Als Nächstes kommt {word}, mit {p}.",
        "loop.then": "dann {word}, mit {p}.",
        "loop.end": "Ein Token nach dem anderen: So schreibt es.",
    },
    heard={
        "opening.sentence": "Ein Satz beginnt: „{prompt}“ … Welches Wort kommt als Nächstes? Wir begleiten "
        "ein Sprachmodell, während es das herausfindet.",
        "opening.one id": "{prompt} Token, als Nummer gegeben … Welches kommt als Nächstes? Wir begleiten "
        "ein Sprachmodell, während es das herausfindet.",
        "opening.ids": "{prompt} Tokens, als Nummern gegeben … Welches kommt als Nächstes? Wir begleiten "
        "ein Sprachmodell, während es das herausfindet.",
        "opening.model": "Das Modell heißt {model} und ist ein GPT-2. Es hat {parameters} gelernte Zahlen, "
        "verteilt auf {blocks} Blöcke, und jeder Block hat {heads} Attention-Köpfe.",
        "opening.promise": "Jede Zahl, die zu hören ist, wurde im Modell abgelesen, während es diese Wörter "
        "verarbeitet hat.",
        "tokens.single": "Zuerst wird der Text in Tokens zerlegt: Wörter oder Teile von Wörtern. Dieser "
        "Text ist ein einziges.",
        "tokens.cut": "Zuerst wird der Text in Tokens zerlegt: Wörter oder Teile von Wörtern. Es sind "
        "{count}.",
        "tokens.spaced": "Ein Leerzeichen gehört zu dem Token, das darauf folgt.",
        "tokens.ids": "Das Modell rechnet nicht mit Buchstaben. Jedes Token hat eine feste Nummer im "
        "Vokabular: {word} hat die Nummer {id}.",
        "embedding.lookup": "Die Nummer sagt nichts über die Bedeutung. Darum hat das Modell für jedes "
        "Token eine Liste von Werten gelernt, sein Embedding.",
        "embedding.vector": "Es ist {width} Werte lang. Bei {word} beginnt es mit {value} und geht weiter "
        "mit {second}.",
        "position.seats": "Auch die Reihenfolge zählt, darum hat auch jeder Platz im Satz eine gelernte "
        "Liste.",
        "position.add": "Beide Listen werden addiert, Wert für Wert. Beim letzten Token lautet eine dieser "
        "Summen: {token} plus {position} ergibt {sum}.",
        "attention.head": "Anfangs kennt jedes Token nur sich selbst und seinen Platz. Attention lässt "
        "Tokens weitergeben, was sie wissen. Von den {count} Köpfen, die das tun, folgen wir dem, "
        "der am meisten zur Antwort beiträgt: Kopf {head} in Block {block}.",
        "attention.scores": "Jedes Token fragt mit einer Liste, seiner Query, und antwortet mit einer "
        "Liste, seinem Key. Beide werden Wert für Wert multipliziert und addiert. Das ist ihr "
        "Skalarprodukt, ein Maß dafür, wie gut sie passen. {query}, an {key} gerichtet, bekommt "
        "{score}.",
        "attention.scaled": "Lange Listen ergeben große Werte. Darum wird jeder durch die Wurzel aus ihrer "
        "Länge geteilt, die Wurzel aus {width}. Es bleibt {after}.",
        "attention.mask": "Dann wird die Zukunft gestrichen. Ein Token darf sich selbst fragen und was vor "
        "ihm kam; alles Spätere verriete schon die Antwort.",
        "attention.softmax": "Nun macht eine Funktion namens Softmax aus diesen Werten Gewichte. Sie "
        "ergeben zusammen eins, und je besser zwei passen, desto größer ist das Gewicht.",
        "attention.arcs": "Das Ergebnis: {query} richtet {weight} seiner Aufmerksamkeit auf {key}.",
        "attention.arcs to itself": "Das Ergebnis: {query} richtet {weight} seiner Aufmerksamkeit auf sich "
        "selbst.",
        "attention.context": "Jedes Token hat noch eine dritte Liste, seinen Value: Das ist, was es "
        "weitergibt. Alle Values werden nach diesen Gewichten gemischt, und das fragende Token "
        "nimmt die Mischung mit, als Kontextvektor.",
        "output.logits": "Dasselbe geschieht in allen {blocks} Blöcken, einem nach dem anderen. Am Ende "
        "wird die Liste des letzten Tokens an allen {size} Tokens des Vokabulars gemessen. Diese "
        "Werte heißen Logits.",
        "output.softmax": "Softmax macht daraus Wahrscheinlichkeiten. Am wahrscheinlichsten ist "
        "{likeliest}, mit {p}. An zweiter Stelle kommt {other}, mit {q}.",
        "output.greedy": "Das wahrscheinlichste wird genommen: {word}.",
        "output.drawn": "Eines wird nach diesen Chancen gezogen: {word}, es hatte {chance}.",
        "loop.append": "Dieses Token kommt ans Ende des Satzes, und alles beginnt von vorn.",
        "loop.next": "Als Nächstes kommt {word}, mit einer Wahrscheinlichkeit von {p}.",
        "loop.then": "Dann {word}, mit {p}.",
        "loop.end": "Und so schreibt ein Sprachmodell: ein Token nach dem anderen.",
    },
    labels={
        "source": "gelesen aus {tensors}",
        "shown": "{shown} von {width} Werten gezeigt",
        "shown short": "{shown} von {width} Werten",
        "more": "… {hidden} weitere",
        "others": "alle anderen Tokens zusammen: {share}",
        "ids.one": "{count} Token",
        "ids.many": "{count} Tokens",
        "card.blocks": "Blöcke",
        "card.heads": "Köpfe je Block",
        "card.width": "Breite",
        "card.vocabulary": "Vokabular",
        "card.parameters": "Parameter",
        "tokens.vocabulary": "Nummern in einem Vokabular von {count}",
        "embedding.table": "gelernte Tabelle",
        "embedding.rows": "{count} Zeilen",
        "position.token": "Token",
        "position.position": "Position",
        "position.sum": "Summe",
        "attention.heads": "Köpfe →",
        "attention.blocks": "Blöcke →",
        "attention.carried": "aus früheren Tokens getragen",
        "attention.to the logit": "zum Logit des nächsten",
        "attention.which": "Block {block} von {blocks}, Kopf {head} von {heads}",
        "attention.asks": "fragt",
        "attention.scores": "Score",
        "attention.scaled": "skaliert",
        "attention.masked": "skaliert",
        "attention.pattern": "Gewicht",
        "attention.sums": "jede Zeile ergibt zusammen eins",
        "attention.context": "Kontext",
        "attention.values": "Values",
        "output.unembedding": "Unembedding",
        "output.temperature": "Temperatur {value}",
        "output.top_k": "top-k {value}",
        "output.top_p": "top-p {value}",
        "loop.new": "neues Token {place}",
        "loop.tokens": "Tokens",
        "loop.embedding": "Embedding",
        "loop.attention": "Attention",
        "loop.output": "Ausgabe",
        "transcript.title": "Was ein Sprachmodell mit „{prompt}“ macht",
        "transcript.prompt": "Prompt: „{prompt}“",
        "transcript.model": "Modell: {model}, ein GPT-2 mit {parameters} gelernten Zahlen",
        "transcript.went on": "Es schrieb weiter: „{text}“",
        "transcript.length": "Länge: {time}",
        "sheet.title": "Zum Vorlesen: „{prompt}“",
        "sheet.how": "Nehmen Sie jeden Teil in einer WAV-Datei dieses Namens auf, neben dieser Seite. "
        "Die Zeit gilt für ruhiges Lesen; die Bilder folgen Ihrem Tempo.",
    },
)
