"""Scripts and signs beyond ASCII as people use them: emoji, Persian, Indic, right to left, mathematics.

Joiners are written visibly: ¬ is U+200C, ~ is U+200D in Persian and Indic text; emoji have names.
"""

import unicodedata

from .talk import SENTENCES, Rows, sentences

ZWJ, VS16, VS15 = "\u200d", "\ufe0f", "\ufe0e"
TONES = ["\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff"]


def flag(code):
    """Two letters of a country, or the letters of a part of one as a sequence of tags."""
    if len(code) == 2:
        return "".join(chr(0x1F1E6 + ord(letter) - 65) for letter in code)
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in code.lower()) + "\U000e007f"


def key(sign):
    return sign + VS16 + "\u20e3"


EMOJI = {
    "heart": "\u2764" + VS16,
    "textheart": "\u2665" + VS15,
    "fireheart": "\u2764" + VS16 + ZWJ + "\U0001f525",
    "mendheart": "\u2764" + VS16 + ZWJ + "\U0001fa79",
    "coder": "\U0001f469" + ZWJ + "\U0001f4bb",
    "cook": "\U0001f468" + TONES[3] + ZWJ + "\U0001f373",
    "farmer": "\U0001f469" + TONES[1] + ZWJ + "\U0001f33e",
    "teacher": "\U0001f9d1" + ZWJ + "\U0001f3eb",
    "family": ZWJ.join(["\U0001f468", "\U0001f469", "\U0001f467", "\U0001f466"]),
    "family2": ZWJ.join(["\U0001f469", "\U0001f469", "\U0001f466"]),
    "couple": "\U0001f9d1" + TONES[4] + ZWJ + "\U0001f91d" + ZWJ + "\U0001f9d1" + TONES[0],
    "kiss": "\U0001f469" + ZWJ + "\u2764" + VS16 + ZWJ + "\U0001f48b" + ZWJ + "\U0001f468",
    "rainbow": "\U0001f3f3" + VS16 + ZWJ + "\U0001f308",
    "pirate": "\U0001f3f4" + ZWJ + "\u2620" + VS16,
    "bear": "\U0001f43b" + ZWJ + "\u2744" + VS16,
    "blackcat": "\U0001f408" + ZWJ + "\u2b1b",
    "dog": "\U0001f415" + ZWJ + "\U0001f9ba",
    "shrug": "\U0001f937" + TONES[2] + ZWJ + "\u2640" + VS16,
    "facepalm": "\U0001f926" + ZWJ + "\u2642" + VS16,
    "swimmer": "\U0001f3ca" + TONES[0] + ZWJ + "\u2640" + VS16,
    "redhair": "\U0001f468" + ZWJ + "\U0001f9b0",
    "eye": "\U0001f441" + VS16 + ZWJ + "\U0001f5e8" + VS16,
    "wave": "\U0001f44b" + TONES[3],
    "thumb": "\U0001f44d" + TONES[1],
    "clap": "\U0001f44f" + TONES[4],
    "pray": "\U0001f64f" + TONES[2],
    "sun": "\u2600" + VS16,
    "snow": "\u2744" + VS16,
    "phone": "\u260e" + VS16,
    "textphone": "\u260e" + VS15,
    "plane": "\u2708" + VS16,
    "cloud": "\U0001f327" + VS16,
    "eng": flag("gbeng"),
    "sco": flag("gbsct"),
    "wal": flag("gbwls"),
    "de": flag("DE"),
    "fr": flag("FR"),
    "br": flag("BR"),
    "jp": flag("JP"),
    "no": flag("NO"),
    "pl": flag("PL"),
    "in": flag("IN"),
    "pt": flag("PT"),
    "za": flag("ZA"),
    "k1": key("1"),
    "k2": key("2"),
    "k3": key("3"),
    "k0": key("0"),
    "k9": key("9"),
    "hash": key("#"),
    "star": key("*"),
    "fog": "\U0001f636" + ZWJ + "\U0001f32b" + VS16,
    "sigh": "\U0001f62e" + ZWJ + "\U0001f4a8",
    "health": "\U0001f9d1" + ZWJ + "\u2695" + VS16,
    "pilot": "\U0001f468" + ZWJ + "\u2708" + VS16,
    "santa": "\U0001f9d1" + ZWJ + "\U0001f384",
    "bird": "\U0001f426" + ZWJ + "\U0001f525",
    "lime": "\U0001f34b" + ZWJ + "\U0001f7e9",
    "info": "\u2139" + VS16,
    "warn": "\u26a0" + VS16,
    "tm": "\u2122" + VS16,
}

EMOJI_LINES = """
{heart}
{heart}{heart}{heart} happy birthday Oma {heart}
the {family} from next door is back
{coder}{coder}{cook} and lunch is served by {cook}
{eng} 1 : 1 {sco}, what a match
{wal}{wal}{wal} Cymru!
six nations: {eng} {sco} {wal} {fr} and two more
{shrug} no idea where the key is
{facepalm} I took the wrong ferry
thanks {pray} see you {wave}
{k1} soup {k2} cake {k3} tea, vote below
dial {star}{k1}{k0}{hash} for the front desk
press {k9} to hear it again
our team is spread over {de}{fr}{br}{jp}{no}{pl}{in}
{pirate} party at the harbour on Saturday
{rainbow} parade starts at noon by the fountain
weather: {sun} today, {cloud} tomorrow, {snow} on Friday
{bear} in the zoo, {blackcat} on the sofa, {dog} at the door
get well soon {mendheart}
that curry was {fireheart}{fireheart}
{couple} congratulations to you two!
{kiss} married since Saturday
{swimmer} forty lengths before breakfast
{redhair} that's Tom on the left
{eye} speak up if you saw something
call me {textphone} or {phone}, either is fine
I {textheart} print shops
{thumb}{thumb}{clap}{clap}{clap}
{plane} Bergen {no} → Lisbon {pt}
{fog} on the pass, drive slowly
{sigh} Mondays
{health} says two weeks of rest
{pilot} announced a delay of an hour
{santa} comes to the kindergarten on the sixth
{bird} is the new logo of the choir
tacos with {lime} please
{info} platform 4 {warn} mind the step
Garden Planner{tm} 2 is out
Alles Gute zum Geburtstag, liebe Vera {heart} {family2}
Frohes Neues aus {de} {sun}
on part demain {plane}{fr} bisous {heart}
¡goool! {br} 2 - 1 {jp} {clap}
С днём рождения!!! {heart}{pray} обнимаю {wave}
Selamat pagi semua {sun} {pray}
あけましておめでとうございます{jp}{heart}
Wszystkiego najlepszego {pl}{heart}
roll call: {farmer} {teacher} {cook} {coder} {health} {pilot}
{za} or {br} for the holidays?
{k1}{k0} reasons to love leek soup {heart}
react with {thumb} if you can come, {shrug} if you don't know yet
{warn} wet paint {warn}
""".strip().split("\n")


def emoji(dice):
    rows = Rows("emoji")
    lines = [line.format(**EMOJI) for line in EMOJI_LINES]
    rows.add_all(lines)
    names = list(EMOJI)
    for count in (3, 9, 24, 60):
        rows.add("".join(EMOJI[dice.pick(names)] for _ in range(count)))
    for number in range(6):
        rows.add(
            " ".join(
                f"{sentence} {EMOJI[dice.pick(names)]}"
                for sentence in dice.some(SENTENCES[["en", "de", "fr", "es", "ru", "ja"][number]], 3)
            )
        )
    rows.add("skin tones: " + " ".join("\U0001f44b" + tone for tone in TONES))
    rows.add(
        "all of the islands: "
        + " ".join(flag(code) for code in ["IS", "IE", "gbsct", "gbwls", "gbeng", "MT", "CY", "JP"])
    )
    return rows


PERSIAN = """
سلام، فردا می¬آیم.
کتاب¬ها را روی میز گذاشتم.
نمی¬دانم قطار چه ساعتی می¬رسد.
بچه¬ها در حیاط بازی می¬کنند.
مادربزرگ برایمان آش رشته پخته¬است.
خانه¬ی ما نزدیک رودخانه است.
می¬خواهم یک فنجان چای بنوشم.
گل¬های بالکن هنوز باز نشده¬اند.
این هفته هوا سرد می¬شود، لباس گرم بپوش.
دوست¬هایم از شیراز آمده¬اند.
عکس¬های سفر را برایت می¬فرستم.
اتوبوس امروز نیم¬ساعت دیر کرد.
می¬شود پنجره را ببندی؟
کلاس نقاشی سه¬شنبه¬ها برگزار می¬شود.
نان¬های تازه را از نانوایی سر کوچه خریدم.
پرنده¬ها صبح زود آواز می¬خوانند.
به¬زودی همدیگر را می¬بینیم.
آب¬وهوای اینجا خیلی دل¬پذیر است.
دانش¬آموزان به موزه می¬روند.
روزنامه¬ها هنوز نرسیده¬اند.
چای¬تان سرد شد!
همسایه¬مان گربه¬ی سفیدی دارد.
می¬خواستم بپرسم حالت چطور است.
نیم¬فاصله را درست می¬نویسی، آفرین!
کتاب¬خانه تا ساعت هشت باز است.
نمی¬خواهم دیر برسم.
سیب¬ها و گلابی¬ها رسیده¬اند.
پدرم هر روز پیاده¬روی می¬کند.
فیلم دیشب را دیده¬ای؟
این شعر را خیلی دوست می¬دارم.
مهمان¬ها ساعت هفت می¬رسند.
کفش¬هایم خیس شده¬اند.
پیام¬هایت را تازه خوانده¬ام.
چراغ¬های خیابان روشن نمی¬شوند.
""".strip().split("\n")


def persian(dice):
    rows = Rows("persian-joiners")
    lines = [line.replace("¬", "\u200c") for line in PERSIAN]
    rows.add_all(lines)
    for number in range(14):
        rows.add(" ".join(dice.some(lines, dice.between(2, 7))) + ["", " 🌷", "\n\nبا احترام، مریم"][number % 3])
    for number in range(9):
        rows.add(
            [
                f"{sentences(dice, 1, 'en')} {dice.pick(lines)}",
                f"How do I type this with a half-space? {dice.pick(lines)}",
                f"ترجمه¬ی آلمانی: {sentences(dice, 1, 'de')}\nفارسی: {dice.pick(lines)}".replace("¬", "\u200c"),
            ][number % 3]
        )
    return rows


HINDI = """
क्~या आप कल आएँगे?
बाज़ार से टमाटर और धनिया लेते आना।
आज शाम को बारिश हो सकती है, छाता ले जाओ।
दादी ने आम का अचार बनाया है।
गाड़ी पन्द्रह मिनट देर से चल रही है।
मेरी बहन की शादी अगले महीने है।
बच्~चे छत पर पतंग उड़ा रहे हैं।
रक्¬षा बन्धन पर सब घर आएँगे।
पुस्¬तकालय सोमवार को बन्द रहता है।
शक्~ति मौसी ने मिठाई भेजी है।
चाय में अदरक डालना मत भूलना।
खिड़की के पास वाली सीट मेरी है।
विद्¬यालय की छुट्टियाँ कल से हैं।
नदी का पानी आज बहुत साफ़ है।
तुम्¬हारा फ़ोन मेज़ पर रखा है।
श्री¬मान जी, डाक आ गई है।
मराठी: कऱ्~हाडला जाणारी गाडी किती वाजता आहे?
दऱ्~या खोऱ्~यांतून वाहणारी नदी सुंदर आहे.
आजी पुरणपोळ्या करते आहे.
वाऱ्~यावर पतंग उडतो.
नेपाली: गर्~यौं भने बेलुका भेटौंला।
पर्~यो पानी, छाता लैजाऊ।
বাংলা: র্~যাম বাজারে গেছে, ফিরতে দেরি হবে।
মা আজ ইলিশ রান্না করেছেন।
র‌্যালি কাল সকাল আটটায় শুরু হবে।
উদ্¬যান বিকেল পাঁচটায় বন্ধ হয়।
മലയാളം: അവന്~ നാളെ വരും.
അവള്~ പുസ്തകം വായിക്കുന്നു.
മഴ പെയ്യുന്നു, കുട എടുക്കൂ.
ഞാന്~ ചായ കുടിക്കുന്നു.
සිංහල: ශ්~රී ලංකාවේ තේ ඉතා රසයි.
ප්~රශ්නයක් නැහැ, හෙට හමුවෙමු.
ක්~රිකට් තරගය අදයි.
ಕನ್ನಡ: ರ್~ಯಾಲಿ ನಾಳೆ ಬೆಳಿಗ್ಗೆ ಇದೆ.
ಮಳೆ ಬರುತ್ತಿದೆ, ಕೊಡೆ ತೆಗೆದುಕೋ.
తెలుగు: సాఫ్ట్¬వేర్ తరగతి రేపు ఉంది.
హార్డ్¬వేర్ దుకాణం మూసి ఉంది.
ગુજરાતી: ક્~યા બજારમાં કેરી સારી મળે છે?
தமிழ்: நாளை காலை கோயிலுக்குப் போகலாம்.
पञ्¬जाब से मामा जी आए हैं।
""".strip().split("\n")


def hindi(dice):
    rows = Rows("hindi-joiners")
    lines = [line.replace("¬", "\u200c").replace("~", "\u200d") for line in HINDI]
    rows.add_all(lines)
    joined = [line for line in lines if "\u200c" in line or "\u200d" in line]
    for number in range(10):
        rows.add(" ".join(dice.some(lines[:16], dice.between(2, 6))) + ["", " 🙏", "\n\nसादर, प्रिया"][number % 3])
    for number in range(9):
        rows.add(
            [
                f"{sentences(dice, 1, 'en')} {dice.pick(joined)}",
                f"what does “{dice.pick(joined)}” mean?",
                f"{dice.pick(joined)}\n{sentences(dice, 2, 'id')}",
            ][number % 3]
        )
    return rows


# « and » stand for an isolate's start and end, < and > for RLM and LRM, ( and ) are themselves.
RTL = """
صباح الخير، القهوة جاهزة.
غدًا نلتقي عند المحطة الساعة التاسعة.
اشتريت خبزًا وزيتونًا وجبنة.
جدتي تطبخ الملوخية يوم الجمعة.
هل رأيت مفاتيح الدراجة؟
المكتبة مغلقة يوم الأحد.
الْقِطُّ نَائِمٌ عَلَى السَّرِيرِ.
تأخر القطار عشرين دقيقة.
شكرًا جزيلًا على الكعكة اللذيذة!
الأطفال يلعبون في الحديقة.
حجزت طاولة لأربعة أشخاص باسم ليلى.
درجة الحرارة اليوم ٢٨ مئوية.
رقم الهاتف هو >+1 555 010-0142> للحجز.
السعر ١٢٫٥٠ يورو فقط.
בוקר טוב, הקפה מוכן.
ניפגש מחר בתחנה בשעה תשע.
קניתי לחם, זיתים וגבינה לבנה.
סבתא מבשלת מרק כל יום שישי.
ראית את המפתחות של האופניים?
הספרייה סגורה ביום ראשון.
הַחָתוּל יָשֵׁן עַל הַמִּטָּה.
הרכבת מאחרת בעשרים דקות.
תודה רבה על העוגה הטעימה!
הילדים משחקים בגינה.
הזמנתי שולחן לארבעה על שם נועה.
המחיר הוא 45.90 ₪<.
חוות דעת על C++< ועל C#<, בבקשה.
הקובץ «plan_v2.xlsx» נשמר בתיקייה.
גרסה «2.4.1» יוצאת ביום שלישי.
الملف «menu.pdf» في المجلد الجديد.
أرسل البريد إلى «kim@example.org» من فضلك.
موقعنا هو «https://example.org/menu» كل يوم.
نسخة «3.1-beta» جاهزة للتجربة.
The sign said «مرحبا» and below it «ברוכים הבאים».
My teacher writes «سلام» from right to left, of course.
Order: «קפה הפוך» ×2, «قهوة تركية» ×1
The word «ספר» means book, «كتاب» does too.
In the list, 1. «ليلى» 2. «נועה» 3. Kim
[«حلب» 1998]<, [«חיפה» 2003]<
اردو: کل صبح ہم بازار جائیں گے۔
دادی نے آم کا اچار بنایا ہے۔
گاڑی آدھا گھنٹہ لیٹ ہے۔
ייִדיש: די באָבע קאָכט אַ געשמאַקע זופּ.
کوردی: سبەی دەچین بۆ بازاڕ.
پښتو: سبا ته به سره ګورو.
""".strip().split("\n")


def right_to_left(dice):
    rows = Rows("right-to-left")
    signs = str.maketrans({"«": "\u2068", "»": "\u2069", "<": "\u200f", ">": "\u200e"})
    lines = [line.translate(signs) for line in RTL]
    rows.add_all(lines)
    for number in range(8):
        pool = lines[:14] if number % 2 else lines[14:29]
        rows.add(
            " ".join(dice.some(pool, dice.between(2, 6)))
            + ["", " 😊", "\n\n— ליאור", "\n\nمع التحية، سامي"][number % 4]
        )
    for number in range(7):
        rows.add(
            [
                f"{sentences(dice, 1, 'en')} {dice.pick(lines[:29])}",
                f"\u2067{dice.pick(lines[:29])}\u2069 – {sentences(dice, 1, 'fr')}",
                f"{dice.pick(lines[:14])}\u200f (Tom, 7 pm)",
            ][number % 3]
        )
    return rows


BOLD = {
    c: chr(base + i)
    for start, base in (("A", 0x1D400), ("a", 0x1D41A))
    for i, c in enumerate(chr(ord(start) + k) for k in range(26))
}
ITALIC = {
    **{c: chr(0x1D434 + i) for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
    **{c: chr(0x1D44E + i) for i, c in enumerate("abcdefghijklmnopqrstuvwxyz")},
    "h": "ℎ",
}
# In these lines _x is an italic letter and *x a bold one.
MATHS = """
Let _x ∈ ℝ and _n ∈ ℕ, then _x^_n is continuous.
𝔼[_X + _Y] = 𝔼[_X] + 𝔼[_Y], always
sorting takes 𝒪(_n log _n) comparisons
𝒪(_n²) for the naive join, 𝒪(_n) with a hash
Var(_X) = 𝔼[_X²] − 𝔼[_X]²
∀ε > 0 ∃δ > 0: |_x − _y| < δ ⇒ |_f(_x) − _f(_y)| < ε
ℙ(_A ∪ _B) ≤ ℙ(_A) + ℙ(_B)
the kernel of _φ: 𝔽₂ⁿ → 𝔽₂ is a subspace
∫₀^∞ _e^(−_x²) d_x = √π ⁄ 2
Lemma 3. Every compact set _K ⊂ ℂ is closed and bounded.
*A*x = *b has a solution iff *b ∈ im *A
Let 𝔤 be a Lie algebra and 𝔥 ⊂ 𝔤 its Cartan subalgebra.
σ, μ and λ are estimated from the sample; α is fixed at 5 %
∇ · *E = ρ ⁄ ε₀, ∇ × *B = μ₀*J
ℵ₀ < 2^ℵ₀, says Cantor
ℚ is dense in ℝ, ℤ is not
the set {_x ∈ ℤ : _x ≡ 3 (mod 7)}
_f: ℝⁿ → ℝᵐ, _J its Jacobian, rank _J = _m
𝒫(_S) has 2^|_S| elements
ζ(2) = π² ⁄ 6 ≈ 1.6449
Die Abbildung _f ist injektiv, falls ker _f = {0}.
Soit _E un espace vectoriel sur ℝ de dimension _n.
Sea _G un grupo y _H ≤ _G un subgrupo normal.
Пусть _f непрерывна на [_a, _b], тогда она ограничена.
Niech _V będzie przestrzenią liniową nad ℂ.
Misalkan _x ∈ ℝ dan _x² = 2.
homework: show that _a² + _b² = _c² has infinitely many solutions in ℕ
why is ℵ₁ not just ℵ₀ + 1?
𝓛(_θ) = ∏ᵢ _p(_xᵢ | _θ), take logs first
_H = −∑ _pᵢ log₂ _pᵢ ≈ 1.75 bit
the quaternions ℍ do not commute: _i_j = _k but _j_i = −_k
ƒ(_x) = sin(_x) ⁄ _x, ƒ(0) ≔ 1
𝟙{_X > 0} is Bernoulli
⌊_x⌋ ≤ _x < ⌊_x⌋ + 1
*v ⊥ *w ⇔ ⟨*v, *w⟩ = 0
_Δ_G = _Δ_H − _T_Δ_S
½ + ⅓ = ⅚, and ⅛ is left for the dog
H₂O, CO₂, SO₄²⁻ and x¹⁰ in plain text
Ω = 4.7 kΩ, C = 22 µF, f ≈ 1.5 kHz
T ≈ 37.2 ℃ or 99 ℉
№ 7, ℓ = 2.5 m, ℏ = 1.05·10⁻³⁴ J s
the Å is 10⁻¹⁰ m, the K is just K
Γ(_n) = (_n−1)!
𝕊¹ × 𝕊¹ is a torus, 𝔻² is a disc
𝕜-algebras, 𝔪-adic topology, Spec ℤ[_i]
""".strip().split("\n")


def maths(dice):
    rows = Rows("maths-alphabets")
    out = []
    for line in MATHS:
        text, at = "", 0
        while at < len(line):
            sign, letter = line[at], line[at + 1 : at + 2]
            table = {"_": ITALIC, "*": BOLD}.get(sign, {})
            if letter in table:
                text, at = text + table[letter], at + 2
            elif sign == "_":
                at += 1
            else:
                text, at = text + sign, at + 1
        out.append(text)
    rows.add_all(out)
    for number in range(12):
        picked = dice.some(out, dice.between(2, 8))
        rows.add(
            [
                f"Lecture {number + 2}\n\n" + "\n".join(f"({at}) {one}" for at, one in enumerate(picked, 1)),
                f"{sentences(dice, 1, 'en')} And the exercise: {picked[0]}",
                f"{sentences(dice, 1, 'de')} Zur Übung: {picked[0]}",
            ][number % 3]
        )
    for plain in ["Tea House", "Vera und Jonas", "Summer Fair"]:
        thing = "".join(BOLD.get(letter, letter) for letter in plain)
        rows.add(f"{thing} in bold letters, as on their profile", ("plain-maths", plain))
    assert all(unicodedata.is_normalized("NFC", text) for text in rows.texts if "Å" not in text and "K" not in text)
    return rows


MAKERS = [emoji, persian, hindi, right_to_left, maths]
