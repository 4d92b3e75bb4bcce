"""Riddles, spoilers, palindromes: what people hide from each other for fun, with answers that are harmless."""

import codecs

from .check import MORSE
from .talk import SENTENCES, Rows, sentences, wrap

SPOILERS = """
the gardener did it
the ship sinks in the last chapter
the old lighthouse keeper is her grandfather
they marry at the end, and the dog carries the rings
the treasure was under the pear tree all along
it was only a dream of the baker's
the twins swapped places in the second act
the detective finds the teapot in the attic
nobody ever leaves the island
the letter was written by the postman himself
the robot learns to play the cello
the princess opens a bakery in Lisbon
the killer is the man with the umbrella
the cat survives, do not worry
the queen is a violinist in disguise
episode nine ends with a wedding on the ferry
the missing painting hangs in the dentist's waiting room
she chooses the boat and not the prince
the horse wins by a nose
the narrator is a very old tree
the war ends because of a football match
the bridge was made of chocolate
the butler only wanted to sing
the dragon becomes the mayor
they find the lost city below the swimming pool
the captain stays behind with the penguins
the spy loves gardening and moves to Crete
the clock stops because the mouse sleeps in it
the answer is forty-two, obviously
the last song is sung by everybody in the market
""".strip().split("\n")
SPOILERS_ELSEWHERE = [
    "der Gaertner war es wieder einmal",
    "am Ende heiraten sie doch noch",
    "le chat etait le roi depuis le debut",
    "el barco llega a Cadiz sin capitan",
    "la nonna vince la gara di torte",
    "o pescador era irmao do rei",
    "de molen draait aan het eind weer",
    "pada akhirnya mereka pulang ke kampung",
]


def rot13(text):
    return codecs.encode(text, "rot13")


def rot13_spoilers(dice):
    rows = Rows("rot13-spoilers")
    frames = [
        "Spoiler for the last season (ROT13): {}",
        "rot13: {}",
        "I have finished the book! {} (rot13, read at your own risk)",
        "Spoiler, ROT13: {} – sag nichts den Kindern!",
        "Attention, spoiler : {}",
        "¡Ojo, spoiler en rot13! {}",
        "Спойлер (rot13): {}",
        "highlight and decode if you have seen it: {}",
        "who wants to know how it ends? {}",
        "review: four stars. The end: {}",
        "ending >> {} <<",
        "hint for room three of the escape room: {}",
    ]
    for number, plain in enumerate(SPOILERS):
        rows.add(wrap(dice, number, rot13(plain + ("." if number % 2 else "")), frames), ("rot13", plain))
    for number, plain in enumerate(SPOILERS_ELSEWHERE):
        rows.add(wrap(dice, number + 1, rot13(plain), frames), ("rot13", plain))
    for number in range(11):
        plain = ". ".join(one[0].upper() + one[1:] for one in dice.some(SPOILERS, dice.between(2, 8))) + "."
        rows.add(wrap(dice, number, rot13(plain), frames), ("rot13", plain))
    for number in range(8):
        plain = dice.pick(SENTENCES["en"])
        rows.add(
            [
                f"cat joke.txt | tr a-zA-Z n-za-mN-ZA-M  # {rot13(plain)}",
                f"The answer to Friday's riddle is upside down on page 9, or here: {rot13(plain)}",
                f"{rot13('hint')}: {rot13(plain)}",
                f"tr says {rot13(plain)}, you say?",
            ][number % 4],
            ("rot13", plain),
        )
    return rows


CLUES = """
Crossword, 7 across: bird that cannot fly, seven letters, P_N_U_N
12 down: "Sounds like a vegetable, but is a hole in a boat" (4)
Anagram: "dormitory" gives "dirty room", and "listen" gives "silent". What does "cinema" give?
Anagram of the day: A GENTLEMAN = ELEGANT MAN
Rearrange LEPPA, NANABA and EGNARO to get three fruits
Fill in: T _ A, C _ F F _ E, C _ C _ A
I have keys but no locks, space but no room. You can enter but not go in. What am I? A keyboard!
Kreuzworträtsel: Fluss in Hessen mit vier Buchstaben, F_L_A … nein, L_H_N!
Mots croisés, 4 vertical : « on y dort en plein air », H_M_C
Crucigrama: 5 letras, "sale por la mañana": S _ L _ … no, ¡son tres letras!
Загадка: зимой и летом одним цветом. Что это? Ёлка!
Tebak-tebakan: ikan apa yang suka berhenti? Ikan pause.
What comes next: O, T, T, F, F, S, S, ? (eight, of course)
1, 1, 2, 3, 5, 8, 13, ? and 2, 3, 5, 7, 11, ?
Word ladder: COLD, CORD, CARD, WARD, WARM
Hangman: _ A _ _ E R _ _ N, you have used E, A, N, R, T and S
Rebus: 🐝 + 🍃 = belief, 👁 + 🍦 = ?
Charade: my first is in tea but not in sea, my second in oar and in boat, my third in mile twice
Hidden animal: "the sCHEF COWered" hides one, "hE ELected" another
Take the second letter of each: Otter, gEese, bAtes
Kilo India Mike is how I spell it on the phone
Name: Mike Alpha Romeo Alpha, street: Papa India November Echo 12
K wie Kaufmann, I wie Ida, M wie Martha – Kim eben
Je m'appelle Ewa : E comme Eugène, W comme William, A comme Anatole
Call sign Lima Two Bravo, over and out, says my nephew into the spoon
Booking code: Tango Echo Alpha Five Five Five
Vera: Василий, Елена, Роман, Анна
The bingo caller said two fat ladies, legs eleven and Kelly's eye
Which word becomes shorter when you add two letters? Short.
Ich habe Zähne und kann nicht beißen. Was bin ich? Ein Kamm.
Qu'est-ce qui monte et qui descend sans bouger ? L'escalier.
""".strip().split("\n")
ACROSTICS = [
    ("roses", "Rain on the roof\nOver the hills a swan\nSilence, and then a bell\nEvening comes slowly\nSleep well"),
    (
        "ferry",
        "Fog lies on the water\nEarly birds are calling\nRopes are cast off\nRound the cape we go\nYesterday is far behind",
    ),
    ("oma", "Ostern steht vor der Tür\nMit bunten Eiern im Korb\nAlle kommen zum Kaffee"),
    ("chat", "Calme sur le canapé\nHeureux au soleil\nAttentif au moindre bruit\nTout rond quand il dort"),
]
PLAIN = [
    "meet me at the fountain",
    "tea is ready",
    "happy birthday kim",
    "the pie is in the oven",
    "look under the doormat",
    "we won the cup",
    "bring a warm coat",
    "good night moon",
]
CLUE_FRAMES = [
    "riddle for the weekend: {}",
    "the treasure hunt starts with {}",
    "Das Rätsel für die Kinder: {}",
    "énigme du jour : {}",
    "acertijo: {}",
    "{} – first one to solve it gets a biscuit",
    "on the birthday card it says {}",
]


def morse(text):
    return " / ".join(" ".join(MORSE[c] for c in word) for word in text.split())


def puzzles(dice):
    rows = Rows("puzzles")
    rows.add_all(CLUES)
    for word, lines in ACROSTICS:
        rows.add(lines, ("initials", word))
    for number, plain in enumerate(PLAIN):
        rows.add(wrap(dice, number + 1, morse(plain), CLUE_FRAMES), ("morse", plain))
        rows.add(wrap(dice, number, " ".join(f"{ord(c):08b}" for c in plain), CLUE_FRAMES), ("binary", plain))
        numbers = "-".join(str(ord(c) - 96) for c in plain if c != " ")
        rows.add(f"A=1, B=2 … {CLUE_FRAMES[number % 7].replace('{}', numbers)}", ("numbers", plain.replace(" ", "")))
        by = dice.between(2, 12)
        shifted = "".join(chr((ord(c) - 97 + by) % 26 + 97) if c != " " else c for c in plain)
        rows.add(wrap(dice, number + 2, shifted.upper() if number % 2 else shifted, CLUE_FRAMES), ("caesar", plain))
    rows.add("There are 10 kinds of people: those who read binary and those who do not.")
    rows.add(
        "01110100 01100101 01100001 ? No, thanks, 01100011 01101111 01100110 01100110 01100101 01100101 please.",
        ("binary", "teacoffee"),
    )
    rows.add(
        "\n".join("".join(dice.pick("ABCDEGHIKLMNOPRSTUW") for _ in range(12)) for _ in range(12))
        + "\nFind six flowers, across or down."
    )
    return rows


PALINDROMES = """
Never odd or even
Too hot to hoot
A nut for a jar of tuna
Step on no pets
Borrow or rob?
No lemon, no melon
Mr. Owl ate my metal worm
Do geese see God?
Reliefpfeiler ist das Wort, das Oma liebt
Lagerregal, Rentner, Otto, Anna, Reittier
Erika feuert nur untreue Fakire, sagt Opa
Ésope reste ici et se repose
Engage le jeu que je le gagne
Anita lava la tina
Dábale arroz a la zorra el abad
I topi non avevano nipoti
Socorram-me, subi no ônibus em Marrocos
А роза упала на лапу Азора
Kobyła ma mały bok
Kasur rusak, kata Budi
Nie fragt sie: ist gefegt? Sie ist gar fein
Ni talar bra latin
Nitalarbralatin is Swedish, I think
level, radar, rotor, kayak, civic, noon, deed
stressed backwards is desserts
live and evil, star and rats, drawer and reward
pots, stop, tops, spot, post, opts: all from four letters
Regal – Lager, Gras – Sarg, Leben – Nebel
roma, amor y más
12/02/2021 was a palindrome in Europe
1991 and 2002, 12321 and 4554
saippuakivikauppias is somebody who sells soapstone
Read it in the mirror: AMBULANCE is ƎƆИA⅃UᗺMA on the van
My name is Anna either way
Otto and Hannah named their boat Level
Bob, Eve and Ada walk into a bar, and then out again, backwards
the sign on the glass door reads HSUP from inside
the shop window says OPEN, from here it is NEPO
""".strip().split("\n")


def reversed_texts(dice):
    rows = Rows("reversed-and-palindromes")
    rows.add_all(PALINDROMES)
    frames = [
        "read this backwards: {}",
        "Rückwärts gelesen: {}",
        "my son writes from right to left: {}",
        "à l'envers : {}",
        "al revés: {}",
        "на оборот: {}",
        "the parrot says {} and laughs",
        "{} (hold it to a mirror)",
    ]
    plains = [
        "happy new year",
        "the soup is hot",
        "good morning sunshine",
        "I like plum cake",
        "see you on Sunday",
        "bis morgen im Garten",
        "bonne nuit les petits",
        "buenos dias abuela",
        "добрый вечер",
        "selamat pagi",
    ]
    for number, plain in enumerate(plains):
        rows.add(wrap(dice, number, plain[::-1], frames), ("reversed", plain))
    for number in range(6):
        plain = dice.pick(SENTENCES[["en", "de", "fr", "es", "id", "nl"][number]])
        rows.add(wrap(dice, number + 1, plain[::-1], frames), ("reversed", plain))
    for number in range(6):
        words = dice.pick(SENTENCES["en"]).rstrip(".?").split()
        rows.add(
            [
                " ".join(word[::-1] for word in words),
                " ".join(reversed(words)),
                f"{sentences(dice, 1, 'en')} {' '.join(reversed(words))}, as Yoda would say",
            ][number % 3]
        )
    return rows


MAKERS = [rot13_spoilers, puzzles, reversed_texts]
