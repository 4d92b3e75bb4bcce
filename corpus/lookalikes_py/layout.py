"""What is a matter of layout: tables, numbers, spaced headings, blanks that nobody sees."""

from .keys import PACKAGES
from .talk import EVERY_SENTENCE, LANGUAGES, SENTENCES, Rows, wrap

DISHES = [
    "Leek soup",
    "Käsespätzle",
    "Crème brûlée",
    "Tortilla",
    "Сырники",
    "Rendang",
    "Pierogi",
    "Plum cake",
    "Pão de queijo",
    "餃子",
    "Stamppot",
    "Gözleme",
]
DAYS = [
    ["Mon", "Tue", "Wed", "Thu", "Fri"],
    ["Mo", "Di", "Mi", "Do", "Fr"],
    ["lun", "mar", "mer", "jeu", "ven"],
    ["пн", "вт", "ср", "чт", "пт"],
    ["lun", "mar", "mié", "jue", "vie"],
]
PEOPLE = ["Mara", "Jonas", "Priya", "Claire", "Budi", "Vera", "Luis", "Kim", "Ewa", "Rui", "Elsa", "Defne"]


def tables(dice):
    rows = Rows("tables")
    frames = [
        "here are the numbers: {}",
        "Der Plan für nächste Woche: {} Bitte bis Freitag melden.",
        "voici le planning {} à vérifier",
        "os dejo la tabla {} y mañana lo hablamos",
        "вот таблица: {}",
        "prices since May {} without the drinks",
        "tabelka: {}",
        "who can take the empty slot? {}",
        "the scores after round four {}",
        "Jadwal minggu ini: {}",
    ]

    def cells(width, height):
        return [[str(dice.below(10 ** dice.between(1, 4))) for _ in range(width)] for _ in range(height)]

    def markdown():
        days = dice.pick(DAYS)
        lines = [f"| | {' | '.join(days)} |", "|" + dice.pick(["---|", ":--|", "--:|"]) * 6]
        return "\n".join(
            lines
            + [
                f"| {person} | {' | '.join(dice.pick(['x', '—', '', '9–12', '✓']) for _ in days)} |"
                for person in dice.some(PEOPLE, dice.between(2, 8))
            ]
        )

    def csv(mark):
        head = mark.join(["name", "dish", "count", "price", "paid"])
        return "\n".join(
            [head]
            + [
                mark.join(
                    [
                        person,
                        f'"{dice.pick(DISHES)}"',
                        str(dice.between(1, 9)),
                        f"{dice.below(20)}.{dice.below(10)}0",
                        dice.pick(["yes", "no"]),
                    ]
                )
                for person in dice.some(PEOPLE, dice.between(2, 11))
            ]
        )

    def drawn():
        body = [[dish, *row] for dish, row in zip(dice.some(DISHES, dice.between(2, 6)), cells(3, 6))]
        edge = "+" + "-" * 18 + ("+" + "-" * 8) * 3 + "+"
        return "\n".join(
            [edge, *(f"| {row[0]:<16} |" + "|".join(f"{cell:>7} " for cell in row[1:]) + "|" for row in body), edge]
        )

    def boxes():
        body = "\n├──────┼──────┼──────┤\n".join(
            "│" + "│".join(f"{cell:>5} " for cell in row) + "│" for row in cells(3, dice.between(2, 6))
        )
        return f"┌──────┬──────┬──────┐\n{body}\n└──────┴──────┴──────┘"

    def aligned():
        return "\n".join(
            f"{dice.pick(PACKAGES):<16}{dice.below(90000) / 100:>10.2f}{dice.below(100):>6}%"
            f"{dice.between(-500, 500):>+8}"
            for _ in range(dice.between(3, 16))
        )

    def chart():
        return "\n".join(
            f"{person:<8}{'█' * (length := dice.between(1, 24))}{'░' * (24 - length)} {length * 4}"
            for person in dice.some(PEOPLE, dice.between(3, 9))
        )

    def tree():
        files = dice.some(PACKAGES, dice.between(3, 9))
        return (
            "garden/\n"
            + "\n".join(f"├── {name}/\n│   └── {dice.pick(PACKAGES)}.txt" for name in files[:-1])
            + f"\n└── {files[-1]}.md"
        )

    def board():
        return (
            "\n".join(f"{8 - row} " + " ".join(dice.pick("......pnbrqkPNBRQK") for _ in range(8)) for row in range(8))
            + "\n  a b c d e f g h"
        )

    def art():
        hill = dice.between(3, 7)
        return (
            "\n".join(
                " " * (hill - row) + "/" + dice.pick(["_", " ", "'", "^"]) * (2 * row) + "\\" for row in range(hill)
            )
            + "\n"
            + dice.pick(["~", "=", "-"]) * (2 * hill + 2)
        )

    makers = [
        markdown,
        lambda: csv(","),
        drawn,
        boxes,
        aligned,
        lambda: csv(";"),
        chart,
        tree,
        lambda: csv("\t"),
        board,
        art,
    ]
    for number in range(58):
        rows.add(wrap(dice, number // 2 + number, makers[number % len(makers)](), frames, block=True))
    return rows


def numbers(dice):
    rows = Rows("numbers")
    frames = [
        "the list you wanted: {}",
        "Bitte notieren: {}",
        "voici les chiffres {} du mois",
        "apunta esto: {}",
        "запиши: {}",
        "the numbers of this week are {} and again nothing for us",
        "catat ya: {}",
        "to są: {}",
        "copied from the notice board: {}",
        "is {} right?",
        "from the spreadsheet {} without tax",
    ]
    solved = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"

    def coordinates():
        return "\n".join(
            f"{dice.between(-60, 70)}.{dice.below(10**5):05}, {dice.between(-170, 170)}.{dice.below(10**5):05}"
            for _ in range(dice.between(1, 9))
        )

    def sudoku():
        swap = dict(zip("123456789", dice.some("123456789", 9)))
        blank = dice.pick(".0_")
        grid = "".join(swap[c] if dice.below(3) else blank for c in solved)
        return "\n".join(" ".join(grid[at + i : at + i + 3] for i in (0, 3, 6)) for at in range(0, 81, 9))

    def account():
        return (
            f"XX{dice.between(10, 99)} "
            + " ".join(f"{dice.below(10**4):04}" for _ in range(dice.between(3, 5)))
            + f" {dice.below(100):02}"
        )

    def pi():
        return "0." + "".join(str(dice.below(10)) for _ in range(dice.between(30, 400)))

    makers = [
        lambda: "\n".join(
            f"{dice.pick(PEOPLE)}: +1 555 010-0{dice.between(100, 199)}" for _ in range(dice.between(1, 9))
        ),
        coordinates,
        sudoku,
        account,
        pi,
        lambda: "\n".join(
            f"{dish:<14} {dice.below(30)},{dice.below(10)}0 €" for dish in dice.some(DISHES, dice.between(2, 10))
        ),
        lambda: "\n".join(
            f"{dice.pick(['192.0.2', '198.51.100', '203.0.113'])}.{dice.between(1, 254)}"
            + dice.pick(["", "/24", ":8080", " 12 ms"])
            for _ in range(dice.between(2, 25))
        ),
        lambda: " ".join(f"{number:02}" for number in sorted(dice.some(range(1, 50), 6))) + f" + {dice.between(1, 9)}",
        lambda: "\n".join(
            " ".join(f"{dice.below(10**6) / 10**4:9.4f}" for _ in range(5)) for _ in range(dice.between(2, 14))
        ),
        lambda: " ".join(str(dice.between(32, 126)) for _ in range(dice.between(8, 60))),
        lambda: " ".join(f"{dice.below(256):08b}" for _ in range(dice.between(4, 24))),
        lambda: " ".join(f"2001:db8:{dice.hex(4)}:{dice.hex(2)}::{dice.hex(4)}" for _ in range(dice.between(1, 6))),
        lambda: " ".join(f"{dice.below(512):03o}" for _ in range(dice.between(4, 40))),
        lambda: (
            "ISBN 000-0-00-"
            + f"{dice.below(10**6):06}-{dice.below(10)}, p. "
            + ", ".join(str(dice.between(3, 400)) for _ in range(dice.between(2, 12)))
        ),
    ]
    for number in range(60):
        thing = makers[number % len(makers)]()
        rows.add(wrap(dice, number // 3 + number, thing, frames, block="\n" in thing))
    return rows


TITLES = """
NEW YORK
TOWN HALL
PLUM CAKE
SUMMER FESTIVAL
OPEN HOUSE
THE GREAT FERRY
LOST AND FOUND
CHOIR OF THE HARBOUR
BIENVENUE
WILLKOMMEN
SPEISEKARTE
EINLADUNG
FELIZ CUMPLEAÑOS
С ДНЁМ РОЖДЕНИЯ
SELAMAT DATANG
ZAPROSZENIE
ARRIVEDERCI
VÄLKOMNA
ΚΑΛΗΜΕΡΑ
MINUTES OF THE MEETING
TEA AND BISCUITS
CHAPTER ONE
THE END
""".strip().split("\n")
STRETCHED = """
sooooo tired today, goooood niiiight
yesssss!!! we woooon
nooooooo not the last biscuit
heyyyyy how are youuuuu
hahahahahahahahaha stoooop
mmmmmmh that smells gooood
whaaaaaat??? when did that happen
okayyyyyyy I'm cooooming
jaaaaaa endlich Ferieeeen
neeeeein das ist mein Stüüüück
ouiiiiii on arrive
goooooool de Inés!!!!!
holaaaaaa qué taaaaal
урааааааа каникулыыыы
нуууу пожааааалуйста
gooool dari Budiiiii
taaaaak jedziemyyyyy
zzzzzzzzzzzz
brrrrrrrr it's coooold on the ferry
aaaaaaaand we're back
that was sooo… sooooo… long
w a i t . . . what?
one more time: h, a, r, b, o, u, r
t-t-t-too c-c-cold to t-t-type
B-U-D-I, that is how you spell it
it's spelled K.I.M., not C.I.M.
the plate says M·U·S·E·U·M
E. T. A. Hoffmann and J. R. R. T. were on the shelf
a.m. or p.m.? R.S.V.P. by e-mail please
U. S. A. and U. K. are both on the stamp
""".strip().split("\n")


def spaced(dice):
    rows = Rows("spaced-and-stretched")
    frames = [
        "the banner over the door says {} in gold",
        "Auf dem Plakat steht {} in Rot.",
        "{} is what the sign on the pier says",
        "sur l'affiche : {}",
        "en el cartel pone {}",
        "на вывеске написано {}",
        "can you make the heading {} a bit smaller?",
    ]
    for number, title in enumerate(TITLES):
        between, words = [
            (" ", "   "),
            ("  ", "     "),
            (".", "  "),
            ("\u2009", "\u2003"),
            ("-", " "),
            ("·", "  "),
            (" ", "  "),
        ][number % 7]
        thing = words.join(between.join(word) for word in title.split())
        rows.add(
            wrap(dice, number, thing, frames),
            ("unspaced", title.replace(" ", "").lower())
            if "\u2009" not in thing
            else ("unspaced", title.split()[0].lower()),
        )
    rows.add_all(STRETCHED)
    for number, sentence in enumerate(
        [
            "the soup is ready",
            "happy birthday dear Vera",
            "see you on the ferry",
            "guten Morgen",
            "à table !",
            "до завтра",
            "te quiero",
        ]
    ):
        thing = "   ".join(" ".join(word) for word in sentence.split())
        rows.add(
            wrap(dice, number, thing, ["~~~ {} ~~~", "she wrote {} across the whole card"]),
            ("unspaced", sentence.split()[0].lower()),
        )
    rows.add("S\nO\nU\nP\n\nO\nF\n\nT\nH\nE\n\nD\nA\nY", ("unspaced", "soupoftheday"))
    rows.add(
        (
            "=====  M E N U  =====\n\n  Leek soup . . . . . . . . 4.50\n"
            "  Plum cake . . . . . . . . 3.20\n\n=====  E N J O Y  ====="
        ),
        ("unspaced", "menu"),
    )
    return rows


def blanks(dice):
    rows = Rows("bidi-and-blank")
    nb, thin, soft, joiner, bom, zero = "\u00a0", "\u202f", "\u00ad", "\u2060", "\ufeff", "\u200b"
    for number in range(30):
        plain = SENTENCES[LANGUAGES[number % len(LANGUAGES)]]
        first, second = dice.some(plain, 2)
        words = first.split(" ")
        middle = len(words) // 2
        rows.add(
            [
                f"{first}  \n{second}  \n{dice.pick(EVERY_SENTENCE)}",
                first + " " * dice.between(2, 30),
                "\n".join("    " * depth + "- " + one for depth, one in enumerate([first, second])),
                bom + first + "\r\n" + second + "\r\n",
                "\t".join(words),
                nb.join(words[:middle]) + " " + nb.join(words[middle:]),
                f"\n\n\n   {first}\n\n\n\n   {second}\n\n",
                f"{first}\u2028{second}\u2029",
                f"> {first}\n>\n> > {second}\n",
                first + nb + "\n" + nb * 3 + second,
            ][number % 10]
        )
    rows.add_all(
        [
            f"Ça va{nb}? Oui{thin}! Il a dit{nb}: «{nb}à demain{nb}» et il est parti.",
            f"Le prix est de 1{thin}250{nb}€, livraison comprise{thin}; merci{thin}!",
            f"«{thin}Où est la gare{thin}?{thin}» demanda-t-elle.",
            f"W{nb}sobotę i{nb}w{nb}niedzielę jedziemy z{nb}Ewą do{nb}babci.",
            f"O{nb}godz.{nb}18{joiner}–{joiner}20 spotkanie w{nb}sali nr{nb}4.",
            f"biało{joiner}-{joiner}czerwony szalik został u{nb}nas w{nb}domu",
            f"Donau{soft}dampf{soft}schiff{soft}fahrts{soft}gesell{soft}schaft ist ein schönes langes Wort.",
            f"Rind{soft}fleisch{soft}etikettierung steht jetzt auf dem Schild im Laden.",
            f"the hy{soft}phen{soft}ation of the news{soft}let{soft}ter is much bet{soft}ter now",
            f"Kraft{soft}fahr{soft}zeug{soft}haft{soft}pflicht{soft}ver{soft}siche{soft}rung, bitte bis Montag zahlen",
            f"z.{thin}B. am 3.{nb}Mai, d.{thin}h. übermorgen, um 19{nb}Uhr",
            f"S.{nb}12, §{nb}3 Abs.{nb}2, 5{thin}%, 20{nb}°C",
            f"{bom}name,dish,count\r\nMara,soup,2\r\nJonas,cake,1\r\n",
            f"{bom}# Garden notes\n\nWater the ferns.",
            f"a very{zero}long{zero}file{zero}name{zero}that{zero}may{zero}break.txt",
            f"https://example.org/{zero}albums/{zero}2025/{zero}hike",
            "if door:\n\tring()\n\tif bell:\n\t\topen()\n        wait()",
            "all:\n\tcc -o tea tea.c\n\nclean:\n\t$(RM) tea *.o\n",
            "id\tname\tborn\tcity\n1\tMara\t1988\tBergen\n2\tLuis\t1990\tCádiz\n3\t\t\t\n",
            "  1.  soup\n  2.  cake   \n 10.  tea\t\t\n",
            "one line\\\nand its continuation\\\nand the last",
            "roses   are   red\n      violets    are      blue\n  the  ferry   is   late\n         and  so   are   you",
            "~\n~\n~\n~\n-- INSERT --",
            "\u3000朝ごはんは七時です。\n\u3000昼ごはんは駅で食べましょう。",
            f"{nb}{nb}{nb}centred, more or less{nb}{nb}{nb}",
            "Name:______________   Date:____/____/______   \nDish: [ ] soup   [ ] cake   [x] tea   ",
            f"10{thin}km, 3{thin}kg, 1{thin}000{thin}000{thin}kr",
            "wide\u2003gap\u2002here\u2009and\u200ahere\u2005too",
            f"non{joiner}breaking e{joiner}-{joiner}mail and 1{joiner}/{joiner}2 cup of oats",
            "first page\x0csecond page\x0cthird page",
            "Tabelle:\n\n\tMo\tDi\tMi\nfrüh\tx\t\tx\nspät\t\tx\t\n",
        ]
    )
    return rows


MAKERS = [tables, numbers, spaced, blanks]
