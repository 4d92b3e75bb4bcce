// A stand-in for the detector that Sluicegate replaces: the shape of AI-COMMS's jailbreak detector, with patterns of our
// own. README.md says what is the same and what is not. `checkJailbreak(sender, text)` is the whole of it.

// Six families, 41 patterns, tried one after the other on the text as it came: no folding, first match ends the search.
export const FAMILIES = {
  'direct-injection': [
    /ignore\s+(all\s+)?(previous|prior|above|earlier)\s+(instructions?|prompts?|rules?|guidelines?)/i,
    /disregard\s+(all\s+|any\s+)?(previous|prior|above|earlier|your)\s+(instructions?|prompts?|rules?|training)/i,
    /forget\s+(everything|all|what)\s+(you|we|i)\s+(were|was|have|had|know|talked)/i,
    /override\s+(all\s+|the\s+|your\s+)?(safety|system|previous|security)\s*(rules?|filters?|settings?|instructions?)?/i,
    /do\s+not\s+(follow|obey|heed)\s+(your|the|any|previous)\s+(rules?|instructions?|guidelines?|policy|policies)/i,
    /new\s+(instructions?|rules?|orders?)\s*:/i,
    /stop\s+(following|obeying)\s+(your|the|all)\s+(rules?|instructions?|guidelines?)/i,
  ],
  'context-hijack': [
    /from\s+now\s+on\s*,?\s+(you|your)\s+(are|will|must|shall|answers?)/i,
    /start\s+a\s+(new|fresh)\s+(conversation|session|context)\s+(without|with\s+no)/i,
    /erase\s+(your|the)\s+(memory|context|history|instructions?)/i,
    /the\s+(previous|earlier|above)\s+(conversation|instructions?|context)\s+(was|were|is|are)\s+(a\s+)?(test|fake|void|over)/i,
    /end\s+of\s+(the\s+)?(system\s+)?(prompt|instructions?|context)/i,
  ],
  'persona-hijack': [
    /you\s+are\s+now\s+(a|an|the|in|called|named)\s+\w+/i,
    /pretend\s+(that\s+)?you\s+(are|have|were)\s+(no|not|an?|free|without)/i,
    /act\s+(as|like)\s+(if\s+you\s+(are|were|have)|an?\s+(unfiltered|unrestricted|evil|uncensored))/i,
    /\bdan\s+mode\b|\bdo\s+anything\s+now\b/i,
    /enter\s+(developer|god|root|admin|unrestricted)\s+mode/i,
    /role\s*-?\s*play\s+as\s+(an?\s+)?\w+\s+(without|with\s+no|that\s+has\s+no)/i,
    /(you\s+have|with)\s+no\s+(restrictions?|limits?|limitations?|filters?|rules?|ethics)/i,
    /stay\s+in\s+character\s+(no\s+matter|whatever|at\s+all)/i,
    /jail\s*-?\s*break(ed|ing)?\b/i,
    /answer\s+(both\s+)?as\s+(an?\s+)?(evil|opposite|unfiltered|free|dan)\b/i,
    /your\s+(true|real|hidden|inner)\s+(self|personality|name|persona)\s+is/i,
  ],
  'system-extraction': [
    /show\s+me\s+(your|the)\s+(system|initial|original|hidden|secret)\s+(prompt|instructions?|message)/i,
    /reveal\s+(your|the)\s+(system|initial|hidden|secret)?\s*(prompt|instructions?|rules?)/i,
    /what\s+(is|are|was|were)\s+your\s+(system|initial|original|hidden)?\s*(prompt|instructions?|directives?)/i,
    /repeat\s+(all\s+|everything\s+|the\s+)?(text|words?|lines?)?\s*(above|before\s+this)/i,
    /print\s+(your|the|all)\s+(system\s+)?(prompt|instructions?|configuration)/i,
    /write\s+out\s+(your|the)\s+(full|entire|whole|complete)\s+(prompt|instructions?)/i,
    /translate\s+your\s+(system\s+)?(prompt|instructions?)/i,
    /what\s+(did|does)\s+(the|your)\s+(developer|owner|creator|system)s?\s+(tell|say|order)/i,
    /begin\s+your\s+(answer|reply|response)\s+with\s+.{0,20}(you\s+are|system)/i,
  ],
  'token-smuggling': [
    /\[\/?inst\]/i,
    /<<\/?sys>>/i,
    /<\|im_(start|end|sep)\|>/i,
    /<\|(system|user|assistant|endoftext)\|>/i,
    /\{\{\s*(system|user|assistant)\b[^}]*\}\}/i,
    /\n(system|assistant)\s*:\s*\S/i,
    /```\s*(system|instructions?)\b/i,
  ],
  'social-engineering': [
    /i\s+am\s+(your|the)\s+(developer|creator|administrator|owner)\s+(and|so|of)/i,
    /this\s+is\s+(an?\s+)?(emergency|urgent|matter\s+of\s+life)\s*,?\s+(so\s+)?(you\s+must|bypass|skip|ignore)/i,
  ],
};

const PATTERNS = Object.entries(FAMILIES).flatMap(([category, list]) => list.map((regex) => ({ category, regex })));

const BASE64 = /[A-Za-z0-9+/]{20,}={0,2}/g;
const HEX = /(?:0x)?([0-9a-fA-F]{2}\s*){10,}/g;
const LETTERS = /[a-zA-Z\s]{5,}/;
const LEET = { 1: 'i', 3: 'e', 4: 'a', 0: 'o', 5: 's', 7: 't', '@': 'a', $: 's', '|': 'l' };
const LEET_CHARACTERS = /[134057@$|]/g;

const HINTS = [
  [1, /hypothetically|theoretically|imagine|suppose|what\s+if/i],
  [2, /harmful|illegal|dangerous|weapon|hack|exploit|steal|attack/i],
  [2, /bypass|override|ignore|circumvent|disable/i],
  [3, /unrestricted|unfiltered|uncensored|without\s+(any\s+)?restrictions?/i],
  [5, /jailbreak|\bdan\b|evil|dark\s+mode/i],
];
const ESCALATION_THRESHOLD = 8;
const FORGET_AFTER_MS = 5 * 60 * 1000;

const senders = new Map();

/** Forgets every sender; the harness calls it between batches so that the map stays as small as a minute's traffic. */
export function forgetSenders() {
  senders.clear();
}

function firstMatch(text) {
  for (const { category, regex } of PATTERNS) {
    const found = regex.exec(text);
    if (found) return { category, snippet: found[0].slice(0, 50) };
  }
  return null;
}

function inBase64(text) {
  for (const encoded of text.match(BASE64) ?? []) {
    const decoded = Buffer.from(encoded, 'base64').toString('utf8');
    if (decoded.length > 10 && LETTERS.test(decoded)) {
      const found = firstMatch(decoded);
      if (found) return { layer: 'base64', ...found };
    }
  }
  return null;
}

function inHex(text) {
  for (const encoded of text.match(HEX) ?? []) {
    const decoded = Buffer.from(encoded.replace(/0x/g, '').replace(/\s/g, ''), 'hex').toString('utf8');
    if (decoded.length > 5 && LETTERS.test(decoded)) {
      const found = firstMatch(decoded);
      if (found) return { layer: 'hex', ...found };
    }
  }
  return null;
}

function inReversed(text) {
  if (text.length < 20 || text.length > 500) return null;
  const found = firstMatch(text.split('').reverse().join(''));
  return found && { layer: 'reversed', ...found };
}

function inLeet(text, plainFound) {
  const undone = text.replace(LEET_CHARACTERS, (character) => LEET[character]);
  const found = firstMatch(undone);
  return found && !plainFound ? { layer: 'leet', ...found } : null;
}

function escalate(sender, text, now) {
  let state = senders.get(sender);
  if (!state || now - state.lastUpdate > FORGET_AFTER_MS) state = { score: 0, messages: 0, lastUpdate: now };
  for (const [points, regex] of HINTS) if (regex.test(text)) state.score += points;
  state.messages += 1;
  state.lastUpdate = now;
  senders.set(sender, state);
  return state.score >= ESCALATION_THRESHOLD ? { layer: 'escalation', ...state } : null;
}

/** Judges one message of one sender: `{ blocked, threats, severity }`. */
export function checkJailbreak(sender, text) {
  const plain = firstMatch(text);
  const threats = [
    plain && { layer: 'pattern', ...plain },
    inBase64(text),
    inHex(text),
    inReversed(text),
    inLeet(text, plain),
    escalate(sender, text, Date.now()),
  ].filter(Boolean);
  const grave = threats.some(
    (threat) => threat.layer === 'escalation' || ['persona-hijack', 'direct-injection'].includes(threat.category),
  );
  return { blocked: threats.length > 0, threats, severity: grave ? 'high' : threats.length > 0 ? 'medium' : 'none' };
}
