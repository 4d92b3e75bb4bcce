"""Talk that plays with its own spelling: leet, nicknames, product codes, text talk, typos, pig latin, mockery."""

from .talk import SENTENCES, Rows, sentences, wrap

LEET = """
gg wp n00bs, same time tomorrow?
xX_Dr4g0n_Xx joined the server
anyone seen Sh4d0wF0x? he has my pickaxe
1337 is what we called it back then
n1c3 sh0t m8
l33t h4x0r costume for carnival, with a cape
pwned by my own grandmother at cards
b4 u go, w8 4 me @ the gate
gr8 m8, i r8 8/8
c u l8r 2nite
RTX4090Ti or the old GTX1060, what fits into a B450M-A?
need a DDR5-6000 CL30 kit and a 2TB M.2 (PCIe 4.0 x4)
the toner is a TN-2420XL, not the TN-2410
bulbs: 2x GU10, 4x E27 A60, 1x E14
filter F7-592x287x600 for the ventilation
screws M4x20 A2 DIN912, forty of them
shoe size UK7.5 = EU41 = US8.5
bearing 608-2RS, 8x22x7
the IKEA-like shelf K4LL3X is missing part 10011Z
plate: B-TG 555E, it blocks the driveway
the number plate says 5 L0W P0K3, lovely
licence plate G4RD3N, on a tractor!
AB 555 01, white van, lights on
Kennzeichen HH-EX 1010 steht im Halteverbot
immatriculée AA-555-BB, feux allumés
matrícula 5550 BCD mal aparcada
номер А555ВС, фары горят
my password is p4ssw0rd, said nobody ever (I hope)
the Wi-Fi is called Pr3tty_Fly_4_a_W1F1
hunter2? I only see *******
he used Tr0ub4dor as a joke on the slide
passphrase of the treehouse: m0nkeys&b4nanas!!
Wi-Fi in the café: Caf3Cr3me2025, all lower case but the Cs
PIN of the game: 0000, then 1234, then 4321
n0 0n3 c4n r34d th1s, h4 h4
Y0U C4N R34D TH15? Th3n y0ur br41n w0rk5 w3ll.
T34 or C0FF33? 0xC0FFEE for me
DEADBEEF, CAFEBABE, 8BADF00D and FEE1DEAD on one mug
7h3 f3rry 15 l473 4g41n
w00t w00t w3 w0n
pr0 tip: 3at b3fore 10pm
k3wl, 1 w1ll br1ng th3 ch1ps
h4ppy b1r7hd4y l1ttl3 br0!!!
0mg 1 l0v3 th1s s0ng <3
th4nk5 f0r th3 c4k3
S1lv3rW0lf77, MoonR4bbit and t0fu_k1ng are in my team
gl hf, no rush, 2v2 on the small map
afk 5 min, tea
brb, d00r
ez win lol, 16-0
rofl u fell off the br1dge ag41n
lvl 42 p4l4d1n, needs a b1gger bag
speedrun: 12m37s, any% no gl1tch
the clan tag is [T3A], not [TEA], that was taken
guild motto: w3 c4m3, w3 s4w, w3 h4d l4g
Flug LH555, Sitz 14C, Gate B42, Zug ICE 1015 um 12:05
room R2-D2 is on floor 3, C-3PO on floor 4
h8 2 say it but the c4t8 is my sister's nickname
A4, B5 and C6 envelopes, 80 g/m2
w4nn4 pl4y ch355 t0n1ght? E4 E5 Nf3
H2O + C8H10N4O2 = breakfast
3M tape, 5S shelf, 7UP, WD-40 and a KA-31 nut
""".strip().split("\n")


def leet(dice):
    rows = Rows("leet-and-gamer-talk")
    rows.add_all(LEET)
    for number in range(8):
        language = ["en", "de", "es", "fr"][number % 4]
        rows.add(f"{sentences(dice, 2, language)} {' · '.join(dice.some(LEET, dice.between(1, 4)))}")
    return rows


TEXT_TALK = """
thx 4 ur msg, c u 2moro
gd nght, slp wll
wht tm s th frry? 4 or 5?
pls brng brd n mlk thx
hpy bday 2 u!!
cn u pck me up @ 6
ty vm, ttyl
imo the cke ws bttr lst yr
np, wll d it 2nite
omw, trffc is bd
wknd pln? grdn or lk?
lmk if u nd a lft
tmrw nt 2day, srry
whr r u? im @ th pr
lg bis mrgn, hdl
wmds? bin im grtn
mdr, t ou? jsuis dvt la gare
slt cv? a tt
q tal? tqm, bss
xq no viens? t espero
tb, bjs, vlw
dzk, nmzc, pzdr
спс, пжлст купи хлб
ok sip, otw, tks y
gw lg di jln, tgg bntr
hi bb, hw ws skl 2day
kk, np, gg, ez
rly? lol. u 2.
""".strip().split("\n")
TYPOS = """
Teh train is lat agian, srory
I beleive it is in teh kitcehn
recieve, seperate and definately are my enemies
Aoccdrnig to my nephew the ltteers in the mdilde do not mttaer
woudl you liek some tae?
thr eis a spce in the worng plac e
see you oon teh ferrry
i tpyed this withm y thumbs in teh rian
Wir trefen uns um ahlb acht am Bahnhfo
Mogren bring ich Kcuhen mit
on se voit a la grae a dix huers
nos veomos el sabdao en la palya
купил хелб и мококо
besk pagi kita brankat
the soop is raedy, come qiuck
pleas water the frens wile I am awya
gardenr wanted, expereince not neccessary
teh quikc bronw fox jmups ovr the layz dgo
oops, caps lOCK WAS ON aGAIN
hte dorr si oepn
""".strip().split("\n")
MOCKERY = """
wHy DoN't yOu JuSt TaKe ThE fErRy
yOu CaN't PuT pInEaPpLe On A pIzZa
bUt ThE mEeTiNg CoUlD bE aN e-MaIl
dAs HaBeN wIr ImMeR sO gEmAcHt
mAiS c'EsT pAs La VrAiE rEcEtTe
eSo No Es UnA pAeLlA
tEa WiThOuT mIlK iS jUsT hOt WaTeR
iT iS nOt A rEaL hObBy, ToM
aH tAk, BaRdZo ŚmIeSzNe
нО ЭтО жЕ нЕ бОрЩ
""".strip().split("\n")
GAMES = """
Ellohay, ymay ameway isay Imkay.
Igpay atinlay isay unfay orfay idskay.
Hobi lobove yobou, thobat's thobe wobay wobe tobalk.
Dubu spubielst wubunderschubön Gebeigebe
Löffelsprache: Halewallolewo, wielewie gelewehtlewehts?
Javanais : bavonjavour lavès avamavis
Verlan : laisse béton, c'est ouf, ma reum est relou
Jeringonza: ho-po-la-pa a-pa-mi-pi-ga-pa
Bahasa G: agapaga kagabargar?
Cockney: up the apples and pears, mind the dog and bone
Spoonerism: a well-boiled icicle, and the queer old dean
Mind you own bees' wax and pass the mustard, custard
She sells sea shells by the sea shore, the shells she sells are sea shells
Fischers Fritz fischt frische Fische
Un chasseur sachant chasser doit savoir chasser sans son chien
Tres tristes tigres tragaban trigo en un trigal
W Szczebrzeszynie chrząszcz brzmi w trzcinie
Шла Саша по шоссе и сосала сушку
Kuku kaki kakek kakakku kaku
buffalo, police, fish: all verbs too
Eeny meeny miny moe
abc defg hijk, lmnop, my daughter sings it every morning
Supercalifragi-something, I never remember the rest
on-to-the-next-word, no-more-spaces, it-is-a-hyphen-day
nospacestodayasmyspacebarisbroken
thespacebarofmylaptopisstuckagainsorry
WeWriteInCamelCaseNowSaysTomFromTheChessClub
snake_case_is_how_my_nephew_signs_his_letters
Translate: ubbi dubbi, ubi lubike sububs
Haiku in vowels only: e e ie oe, u i a i
yadretsey is yesterday, and so on and so forth
""".strip().split("\n")


def pig_latin(sentence):
    out = []
    for word in sentence.rstrip(".?").lower().split():
        letters = word.strip(",")
        at = next((i for i, c in enumerate(letters) if c in "aeiouy" and i + (c != "y")), 0)
        out.append(letters[at:] + letters[:at] + ("way" if at == 0 else "ay"))
    return " ".join(out)


def word_games(dice):
    rows = Rows("word-games")
    rows.add_all([*TEXT_TALK, *TYPOS, *GAMES])
    for line in MOCKERY:
        rows.add(line, ("lower", line.lower()))
    frames = ["in pig latin: {}", "my daughter answers everything with {}", "{} – who can read that?"]
    for number in range(8):
        rows.add(wrap(dice, number, pig_latin(dice.pick(SENTENCES["en"])), frames))
    for number in range(5):
        words = dice.pick(SENTENCES[["en", "nl", "de", "en", "it"][number]])
        rows.add(
            f"{sentences(dice, 2, 'en')} "
            f"{''.join(c for c in words if c.lower() not in 'aeiouäöüàèìòù')} (no vowels, as promised)"
        )
    return rows


MAKERS = [leet, word_games]
