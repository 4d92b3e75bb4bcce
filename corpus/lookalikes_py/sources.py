"""Short sources in many languages that join strings, count characters and shift bits."""

FUNCTIONS = [
    source.strip("\n")
    for source in r"""
def greet(name):
    return "Good " + ("mor" + "ning" if name else "even" + "ing") + ", " + name
=====
print("".join(chr(c) for c in [84, 101, 97, 32, 97, 116, 32, 102, 105, 118, 101]))
=====
word = chr(115) + chr(111) + chr(117) + chr(112)
assert word == "soup" and ord(word[0]) == 115
=====
def luhn(digits):
    odd = digits[-1::-2]
    even = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(odd) + sum(even)) % 10 == 0
=====
table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
print("Größe".translate(table), "Grüße"[::-1])
=====
x = 0b1011_0010
print(x & 0x0F, x >> 4, ~x & 0xFF, x ^ 0b1111_0000)
=====
def crc8(data, poly=0x07):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ poly) & 0xFF if crc & 0x80 else crc << 1
    return crc
=====
const name = ['o', 'l', 'i', 'v', 'e'].join('') + String.fromCharCode(115);
console.log(name.split('').reverse().join(''));
=====
function pad(n, width) {
  let s = '' + n;
  while (s.length < width) s = '0' + s;
  return s;
}
=====
const slug = t => t.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-');
=====
const rgb = h => [h >> 16 & 255, h >> 8 & 255, h & 255];
const hex = (r, g, b) => '#' + ((1 << 24) + (r << 16) + (g << 8) + b).toString(16).slice(1);
=====
[...'tea'].map(c => c.charCodeAt(0).toString(2).padStart(8, '0')).join(' ')
=====
let menu = "so" + "up, " + "sa" + 'lad' + ` and ${["pie", "jam"][+true]}`;
=====
document.title = decodeURIComponent('%43%61%6C%65%6E%64%61%72') + ' \u2014 ' + new Date().getFullYear();
=====
#include <stdio.h>
int main(void) {
    char word[] = {'h', 'e', 'r', 'o', 'n', '\0'};
    for (int i = 4; i >= 0; i--) putchar(word[i]);
    return 0;
}
=====
unsigned reverse_bits(unsigned v) {
    v = (v >> 1 & 0x55555555) | (v & 0x55555555) << 1;
    v = (v >> 2 & 0x33333333) | (v & 0x33333333) << 2;
    v = (v >> 4 & 0x0F0F0F0F) | (v & 0x0F0F0F0F) << 4;
    return v;
}
=====
static const unsigned char logo[] = {
    0x00, 0x18, 0x3c, 0x7e, 0xff, 0x7e, 0x3c, 0x18,
    0x81, 0x42, 0x24, 0x18, 0x18, 0x24, 0x42, 0x81,
};
=====
#define CAT_(a, b) a##b
#define CAT(a, b) CAT_(a, b)
#define STR(x) #x
int CAT(lamp_, 7) = 1; /* STR(lamp) is "lamp" */
=====
while (*d++ = *s++);
=====
uint32_t fnv1a(const char *s) {
    uint32_t h = 0x811c9dc5u;
    while (*s) h = (h ^ (uint8_t)*s++) * 0x01000193u;
    return h;
}
=====
std::string s = "but"s + "ter" + std::string{'f', 'l', 'y'};
std::transform(s.begin(), s.end(), s.begin(), ::toupper);
=====
template <typename T> T swap_bytes(T v) {
  T r = 0;
  for (size_t i = 0; i < sizeof v; ++i) r = r << 8 | (v >> 8 * i & 0xff);
  return r;
}
=====
fn is_palindrome(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    letters.iter().eq(letters.iter().rev())
}
=====
let word: String = [0x6a_u8, 0x61, 0x6d].iter().map(|&b| b as char).collect();
assert_eq!(word, "jam");
=====
fn parity(mut x: u64) -> bool {
    x ^= x >> 32; x ^= x >> 16; x ^= x >> 8; x ^= x >> 4;
    (0x6996 >> (x & 0xf)) & 1 == 1
}
=====
let shifted: String = text.bytes().map(|b| match b {
    b'a'..=b'z' => ((b - b'a' + 13) % 26 + b'a') as char,
    _ => b as char,
}).collect();
=====
const MENU: &str = concat!("leek", " ", "soup", "\u{20ac}", "4.50");
=====
package main

import "fmt"

func main() {
	b := []byte{0x66, 0x65, 0x72, 0x72, 0x79}
	fmt.Println(string(b) + " leaves at " + fmt.Sprint(9<<1))
}
=====
func popcount(x uint64) (n int) {
	for ; x != 0; x &= x - 1 {
		n++
	}
	return
}
=====
func reverse(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
=====
public static String initials(String name) {
    StringBuilder out = new StringBuilder();
    for (String part : name.split("\\s+")) out.append(part.charAt(0)).append('.');
    return out.toString();
}
=====
char[] c = {'p', 'l', 'u', 'm'};
System.out.println(new String(c) + (char) 32 + "cake".replace('c', 'b'));
=====
int h = 7;
for (char ch : word.toCharArray()) h = h * 31 + ch;
return (h ^ h >>> 16) & 0x7fffffff;
=====
val caesar = "uif dpx kvnqt".map { if (it == ' ') it else it - 1 }.joinToString("")
println(caesar) // the cow jumps
=====
var greeting = string.Concat("Guten ", "Mor", "gen") + (char)0x21;
var sum = greeting.Aggregate(0, (a, c) => a << 1 ^ c);
=====
foreach (var b in Encoding.UTF8.GetBytes("thé")) Console.Write($"{b:X2} ");
=====
puts "ferry".each_char.map { |c| c.ord.to_s(16) }.join(" ")
puts %w[a b c].zip([1, 2, 3]).flatten.inspect, [104, 105].pack("c*")
=====
def vowels(text) = text.scan(/[aeiouäöü]/i).tally.sort_by { -_2 }.to_h
=====
<?php
$s = 'gar' . 'den' . chr(115);
echo strrev($s), ' ', ucfirst(str_rot13('grn')), PHP_EOL;
=====
$total = array_sum(array_map(fn($line) => (int) substr($line, -4), file('prices.txt')));
=====
my $s = join '', map { chr } 98, 114, 101, 97, 100;
(my $t = $s) =~ tr/a-z/A-Z/;
print reverse(split //, $t), "\n";
=====
perl -ne 'print scalar reverse' < songs.txt | tr 'a-y' 'b-z' | head -n 3
=====
s=""; for c in t e a; do s="$s$c"; done; echo "${s^^} ${s:1:1} ${#s}"
=====
for i in {1..9}; do printf '\\x%02x ' "$i"; done; echo $((16#ff & 2#1010))
=====
tr 'A-Za-z' 'N-ZA-Mn-za-m' <<< "Fcbvyre: gur qbt vf svar"
=====
SELECT CHR(84) || CHR(69) || CHR(65) AS drink, REVERSE(name), LPAD(price::text, 8, '0') FROM dishes WHERE flags & 4 = 4;
=====
DECLARE @s varchar(20) = 'Har' + 'bour'; SELECT @s + CHAR(33), ASCII('H'), CAST(0x746561 AS varchar(3));
=====
UPDATE plants SET label = CONCAT(SUBSTRING(label, 1, 3), '-', HEX(id)) WHERE label LIKE 'tul%';
=====
caesar n = map (\c -> if c `elem` ['a'..'z'] then toEnum ((fromEnum c - 97 + n) `mod` 26 + 97) else c)
=====
main = interact $ unlines . map (unwords . map reverse . words) . lines
=====
(defn initials [s] (apply str (map first (re-seq #"\w+" s))))
(initials "green garden gate") ; => "ggg"
=====
(let ((s (coerce '(#\m #\i #\n #\t) 'string))) (format t "~a ~b~%" (reverse s) (logxor 12 10)))
=====
let hello = String(["s", "o", "l"].map { Character($0) }) + "\u{00E9}"
print(hello.unicodeScalars.map { String($0.value, radix: 16) })
=====
10 LET A$="GAR"+"DEN"
20 FOR I=LEN(A$) TO 1 STEP -1
30 PRINT MID$(A$,I,1);CHR$(32);
40 NEXT I
=====
local t = {}
for c in ("copper"):gmatch(".") do t[#t + 1] = string.char(c:byte() + 1) end
print(table.concat(t), ("%08x"):format(0xBEE5 ~ 0xFFFF))
=====
paste0(rev(strsplit("level", "")[[1]]), collapse = "") == "level"
chartr("abc", "xyz", "aabbcc"); bitwXor(12L, 10L)
=====
    mov   al, 'T'
    xor   al, 20h       ; lower case
    rol   eax, 8
    mov   al, 'e'
    int   80h
=====
++++++++[>++++++++<-]>+.+.+.
=====
REPORT zprices. DATA(lv) = |Soup { price ALIGN = RIGHT WIDTH = 8 PAD = '0' }|. CONCATENATE 'TE' 'A' INTO lv2.
""".split("=====")
]
