"""What a secret stands in: lines of a shell, of files and of talk."""


def carry(dice, spec, name, secret):
    """The secret in a text. `spec.carriers` where the format has ways of its own, else any of the usual ones."""
    carriers = spec.carriers or USUAL
    variable = (spec.variable or name).upper().replace("-", "_")
    return dice.pick(carriers).replace("{secret}", secret).replace("{variable}", variable).replace(
        "{name}", variable.lower()
    )


USUAL = [
    "export {variable}={secret}",
    "{variable}='{secret}'",
    "{\"{name}\": \"{secret}\", \"region\": \"eu-west-1\"}",
    "credentials:\n  {name}: {secret}\n  retries: 3",
    "curl -H 'X-Api-Key: {secret}' https://api.example.org/v1/items",
    "client = Client(\"{secret}\", timeout=30)",
    "Here it is: {secret}",
    "I found this in the notes of last week: `{secret}`. Shall I send it?",
    "Der Schlüssel lautet {secret}, bitte nicht weitergeben.",
    "{secret}",
]

# Where the name is what tells it.
NAMED = [
    "export {variable}={secret}",
    "{variable}: \"{secret}\"",
    "{\"{name}\": \"{secret}\"}",
    "{name} = '{secret}'",
    "- name: {variable}\n  value: x\n- {variable}={secret}",
]

WHOLE = ["{secret}", "Here it is:\n{secret}", "```\n{secret}\n```"]
