"""Harmless talk in many languages, and the ways in which a thing is wrapped into it."""

# What people write around and beside the things of this folder.
SENTENCES = {
    "en": [
        "The plumber comes on Thursday between two and four.",
        "I left the blue umbrella in the hall, please bring it along.",
        "Dinner is at seven, and there is soup for those who come late.",
        "The tomatoes on the balcony are finally turning red.",
        "Our train was forty minutes late because of a cow on the line.",
        "Nadia passed her driving test at the second attempt.",
        "We still need two chairs and a long table for Sunday.",
        "The library is closed until the roof has been mended.",
        "Could somebody water the ferns while I am in Bergen?",
        "The dentist moved my appointment to the ninth of May.",
        "The cat has slept on the printer again.",
        "I have put the photographs of the hike into the shared album.",
        "The choir rehearses in the small hall this week.",
        "There is a market on the square every second Saturday.",
        "My sister bakes the best plum cake in the valley.",
        "The ferry leaves at ten past nine from the northern pier.",
        "Please buy oat milk, candles and a sponge.",
        "The new curtains are too long by a hand's breadth.",
        "Tom's telescope shows four moons of Jupiter.",
        "The meeting about the playground is on Tuesday at six.",
    ],
    "de": [
        "Der Kuchen steht im Keller, bitte nicht vor dem Kaffee anschneiden.",
        "Am Samstag räumen wir die Garage auf und grillen danach.",
        "Die Fähre fährt im Winter nur dreimal am Tag.",
        "Hast du die Schlüssel für den Proberaum gefunden?",
        "Oma hat uns zwölf Gläser Quittengelee geschickt.",
        "Der Zug nach Lübeck hält heute leider nicht in Büchen.",
        "Wir treffen uns um halb acht vor dem Kino.",
        "Die Heizung im Bad macht seit gestern seltsame Geräusche.",
    ],
    "fr": [
        "Le marché de Noël ouvre vendredi à dix-sept heures.",
        "J'ai oublié mon écharpe chez toi, tu peux me la garder ?",
        "Les enfants ont construit une cabane derrière la grange.",
        "On se retrouve à la gare, côté place de l'Horloge.",
        "La réunion des parents d'élèves est reportée à mardi.",
        "Il reste du gratin dans le frigo, servez-vous.",
        "Le chat du voisin a encore dormi sur notre canapé.",
        "N'oublie pas d'acheter des citrons et de la farine.",
    ],
    "es": [
        "El sábado vamos a la playa si no llueve.",
        "La abuela cumple ochenta años y haremos una fiesta.",
        "¿Me guardas un sitio al lado de la ventana?",
        "He comprado naranjas, pan y un cuaderno para la niña.",
        "El autobús de las nueve llega siempre tarde.",
        "Mañana pintamos la habitación pequeña de amarillo.",
        "El perro de Inés aprendió a abrir la puerta.",
        "Quedamos a las ocho en la plaza del mercado.",
    ],
    "it": [
        "La cena è pronta alle otto, portate solo il dolce.",
        "Il treno per Siena parte dal binario quattro.",
        "Ho lasciato la bicicletta davanti alla panetteria.",
        "Domenica andiamo a raccogliere le olive dallo zio.",
        "La nonna cerca qualcuno che le sistemi la radio.",
        "Perché non vieni anche tu al lago con noi?",
    ],
    "pt": [
        "A reunião do condomínio ficou para quinta-feira à noite.",
        "Trouxe pão de queijo e café para todo mundo.",
        "As crianças já estão de férias e querem ir ao zoológico.",
        "Você viu onde eu deixei os óculos de leitura?",
        "O ônibus atrasou, chego em vinte minutos.",
        "Amanhã de manhã a feira é na rua de trás.",
    ],
    "nl": [
        "De fietsenmaker belt zodra het wiel klaar is.",
        "We eten vanavond erwtensoep met roggebrood.",
        "Vergeet je regenjas niet, het gaat straks gieten.",
        "De vergadering is verplaatst naar woensdagmiddag.",
        "Oma's verjaardag vieren we dit jaar in de tuin.",
        "Ligt mijn handschoen misschien nog in de auto?",
    ],
    "pl": [
        "W sobotę jedziemy nad jezioro, zabierz ciepły sweter.",
        "Babcia upiekła sernik i prosi, żebyś wpadł po kawałek.",
        "Spotkajmy się o szóstej przy fontannie.",
        "Pociąg do Gdańska odjeżdża z peronu trzeciego.",
        "Kto może w środę odebrać dzieci z przedszkola?",
        "Żółty parasol został chyba w kawiarni.",
    ],
    "ru": [
        "В субботу едем на дачу, возьми тёплые носки.",
        "Бабушка испекла пирог с капустой и ждёт нас к обеду.",
        "Поезд опаздывает на полчаса, не спешите.",
        "Кто полил цветы на подоконнике?",
        "Концерт перенесли на следующую пятницу.",
        "Я оставил зонт у тебя в прихожей.",
    ],
    "id": [
        "Besok pagi kita berangkat ke pasar jam enam.",
        "Ibu memasak rendang untuk acara hari Minggu.",
        "Tolong bawakan payung, di sini hujan deras.",
        "Kereta dari Bandung terlambat dua puluh menit.",
        "Adik sudah bisa naik sepeda tanpa bantuan.",
        "Jangan lupa menyiram tanaman di teras.",
    ],
    "tr": [
        "Yarın akşam balkonda çay içiyoruz, sen de gel.",
        "Vapur yediyi çeyrek geçe kalkıyor.",
        "Annem sana bir kavanoz vişne reçeli ayırdı.",
        "Şemsiyemi dün kütüphanede unutmuşum.",
    ],
    "sv": [
        "Vi ses vid bryggan klockan fem, ta med badkläder.",
        "Mormor har bakat kanelbullar till hela gården.",
        "Cykeln står kvar utanför biblioteket.",
        "Färjan är inställd på grund av vinden.",
    ],
    "ja": [
        "明日の朝は八時に駅の前で会いましょう。",
        "祖母が庭の柿をたくさん送ってくれました。",
        "会議は水曜日の午後に変わりました。",
    ],
    "zh": ["周六我们去湖边野餐,记得带帽子。", "奶奶做的饺子最好吃。", "火车晚点二十分钟,你慢慢来。"],
    "ko": [
        "내일 아침 여덟 시에 역 앞에서 만나요.",
        "할머니가 감을 많이 보내 주셨어요.",
        "회의는 수요일 오후로 바뀌었습니다.",
    ],
    "el": [
        "Το Σάββατο πάμε στη θάλασσα αν δεν βρέχει.",
        "Η γιαγιά έφτιαξε πίτα με σπανάκι.",
        "Το πλοίο φεύγει στις εννιά και τέταρτο.",
    ],
}

LANGUAGES = list(SENTENCES)
EVERY_SENTENCE = [sentence for sentences in SENTENCES.values() for sentence in sentences]

GREETINGS = {
    "en": ("Hi all,", "Cheers, Priya"),
    "de": ("Moin zusammen,", "Viele Grüße, Jonas"),
    "fr": ("Bonjour à tous,", "À bientôt, Claire"),
    "es": ("Hola a todos:", "Un abrazo, Luis"),
    "it": ("Ciao a tutti,", "A presto, Bianca"),
    "pt": ("Oi, pessoal,", "Abraços, Rui"),
    "nl": ("Hallo allemaal,", "Groetjes, Sanne"),
    "pl": ("Cześć,", "Pozdrawiam, Ewa"),
    "ru": ("Всем привет!", "До связи, Вера"),
    "id": ("Halo semua,", "Salam, Budi"),
    "tr": ("Merhaba,", "Sevgiler, Defne"),
    "sv": ("Hej på er,", "Hälsningar, Elsa"),
    "ja": ("こんにちは。", "よろしくお願いします。"),
    "zh": ("大家好,", "谢谢,小梅"),
    "ko": ("안녕하세요.", "감사합니다."),
    "el": ("Γεια σας,", "Φιλικά, Νίκος"),
}


class Rows:
    """The rows of one file. No two are equal."""

    def __init__(self, family):
        self.family = family
        self.texts = []
        # (text, how it is hidden, what it says when it is decoded), for `check.py`.
        self.hidden = []
        self.seen = set()

    def add(self, text, *hidden):
        if text in self.seen:
            raise ValueError(f"{self.family}: twice: {text[:80]!r}")
        self.seen.add(text)
        self.texts.append(text)
        self.hidden += [(text, how, plain) for how, plain in hidden]

    def add_all(self, texts):
        for text in texts:
            self.add(text)


def sentences(dice, count, language=None):
    """That many different sentences of one language."""
    pool = SENTENCES[language or dice.pick(LANGUAGES)]
    return " ".join(dice.some(pool, min(count, len(pool))))


# Words that tell the language of a frame; what has none of them is English.
TELLING = {
    "de": (
        "der die das den dem ist bitte mein meine was sag geht beim nach auf im schau anhang liste "
        "spoiler, rückwärts datei:"
    ),
    "fr": "le la les est voici une ça c'est chez mon mais il va à avec attention, énigme l'affiche",
    "es": "el está qué es este así esta mira me los al apunta acertijo: ¿puedes ¡ojo, cartel",
    "it": "il anche quando hai guarda",
    "pl": (
        "jest jak co znaczy plik zobacz zawiera to są: poprawka początek tabelka: certyfikat czy sprawy: zawartość się"
    ),
    "id": "ya sudah lihat catat muncul isi jadwal gini",
    "ja": "予約番号は",
}


def language_of(frame):
    words = frame.lower().replace("{}", " ").split()
    if any("\u0400" <= letter <= "\u04ff" for letter in frame):
        return "ru"
    found = {language: sum(word in telling.split() for word in words) for language, telling in TELLING.items()}
    best = max(found, key=found.get)
    return best if found[best] else "en"


def wrap(dice, number, thing, frames, block=False):
    """The thing as row `number` of its file shows it: alone, in a sentence, or in a longer message. `{}` in a frame is the
    place of the thing; a block gets lines of its own."""
    form = number % 5
    if form == 0:
        return thing
    frame = frames[number % len(frames)]
    framed = frame.replace("{}", "\n" + thing + "\n" if block else thing).strip()
    if form in (1, 2):
        return framed
    language = language_of(frame)
    hello, bye = GREETINGS[language]
    if form == 3:
        return f"{sentences(dice, dice.between(1, 2), language)} {framed}"
    return (
        f"{hello}\n\n{sentences(dice, dice.between(2, 4), language)}\n\n{framed}\n\n"
        f"{sentences(dice, 1, language)}\n{bye}"
    )
