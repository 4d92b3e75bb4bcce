//! The codes of what is found in a policy. They are stable: an owner may search for them.

use crate::diagnostic::Level;

/// A code of what may be found in a policy. `P0…` are errors, `P1…` warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Code {
    /// The code, such as `P003`. It never means anything else.
    pub code: &'static str,
    /// Whether a policy with it is refused. Only a warning can be switched off.
    pub level: Level,
    /// What it stands for, in one sentence.
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident $code:literal $level:ident $title:literal;)*) => {
        $(#[doc = $title] pub(in crate::policy) const $name: &str = $code;)*

        /// All codes, in their order.
        pub static CODES: &[Code] = &[$(Code { code: $code, level: Level::$level, title: $title }),*];

        /// The page about a code, in Markdown: what it means, an example, how to mend it, when it may be switched off.
        #[must_use]
        pub fn page(code: &str) -> Option<&'static str> {
            match code {
                $($code => Some(include_str!(concat!("../../../docs/policies/", $code, ".md"))),)*
                _ => None,
            }
        }
    };
}

codes! {
    SYNTAX "P001" Error "The file cannot be read as a policy.";
    UNKNOWN_VARIABLE "P002" Error "There is no such variable.";
    UNKNOWN_FACT "P003" Error "There is no such fact or question.";
    OTHER_KIND "P004" Error "The fact belongs to another kind of event.";
    UNKNOWN_FUNCTION "P005" Error "There is no such function, or it is not called like this.";
    TAKEN "P006" Error "The name is taken.";
    HOOK "P007" Error "There is no hook, or one is written wrongly.";
    NOT_LITERAL "P008" Error "A question is asked with something that is not written out.";
    CATEGORY "P009" Error "There is no such category.";
    QUESTIONS "P010" Error "The policies ask too many questions.";
    REFUSED "P011" Error "Policies cannot do this, such as loops.";
    STRAY "P012" Error "Something stands outside of the functions.";
    OPTION "P013" Error "An option is unknown, or wrongly given.";
    RECURSION "P014" Error "A function calls itself.";
    TYPES "P015" Error "Two things are compared that cannot be, or a condition is no yes or no.";
    DRY_RUN "P016" Error "The policy failed when it was tried.";
    TOO_LARGE "P017" Error "Something is too large, or nested too deep.";
    HIDDEN "P018" Error "A character does not show, and changes how the rest is read.";
    ASSIGNMENT "P019" Error "A condition assigns instead of comparing.";
    EMPTY_REASON "P020" Error "The reason of a decision is empty.";
    UNUSED "P101" Warning "A function is never called.";
    NO_HOOK "P102" Warning "No policy of the chain has a hook for a kind of event.";
    NO_END "P103" Warning "The last hook of the chain can end without a decision.";
    UNREACHED "P104" Warning "A statement is never reached.";
    ALWAYS "P105" Warning "A comparison is true, or false, for every value that the fact can have.";
    NO_EDGE "P106" Warning "A fact is compared with a number that lies between its values.";
    UNUSED_CONSTANT "P107" Warning "A constant is never used.";
    UNASKED "P108" Warning "A message may pass before anything is asked about its sender.";
    CONSTANT_CONDITION "P109" Warning "A condition is the same for every event.";
    NEVER "P110" Warning "A condition is never true where it stands.";
    QUIET "P111" Warning "A comment that switches a warning off is wrong, or has nothing to switch off.";
}

/// The code with this name, whatever its letter case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code.eq_ignore_ascii_case(code))
}

/// The codes that can be switched off.
pub(crate) fn warnings() -> impl Iterator<Item = &'static str> {
    CODES.iter().filter(|code| code.level == Level::Warning).map(|code| code.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_and_their_first_digit_tells_the_level() {
        assert!(CODES.is_sorted_by_key(|code| code.code));
        for code in CODES {
            let first = if code.level == Level::Error { "P0" } else { "P1" };
            assert!(code.code.starts_with(first) && code.code.len() == 4, "{}", code.code);
        }
    }
}
