-- What a gateway sends: some thousand requests, made before the clock runs, one after another and round again.
--   one      one message of an approved sender a request
--   batch    fifty of them a request
--   held     commands that wait for the owner, each another one, written to the disk before it is answered
--   dropped  messages of a sender whom nobody knows, answered on the tick
--   detect   texts to search

local kind = os.getenv("KIND") or "one"
local words = { "hello", "thanks", "see you at the usual place", "what is the weather in Lisbon", "can you move the call",
  "the invoice of last week is paid", "please add milk to the list", "who is coming tonight", "I liked the film" }
local per_request = kind == "batch" and 50 or 1

local function event(number)
  local text = words[number % #words + 1] .. ", number " .. number % 997 .. ". " .. words[(number * 7) % #words + 1] .. "."
  if kind == "detect" then return string.format('{"text":"%s"}', text) end
  if kind == "held" then
    return string.format('{"kind":"tool_call","id":"%d","channel":"whatsapp","sender":{"id":"+15550100100"},"tool":{"name":"bash",'
      .. '"arguments":{"command":"rm -r build%d"}}}', number, number)
  end
  local sender = kind == "dropped" and "+15550109999" or string.format("+1555010%04d", 100 + number % 100)
  return string.format('{"channel":"whatsapp","sender":{"id":"%s"},"text":"%s"}', sender, text)
end

local requests, place = {}, 0

function init()
  local path = kind == "detect" and "/v1/detect" or "/v1/check"
  wrk.headers["authorization"] = "Bearer " .. os.getenv("TOKEN")
  wrk.headers["content-type"] = "application/json"
  for number = 1, 4000 do
    local body
    if per_request == 1 then
      body = event(number)
    else
      local events = {}
      for place = 1, per_request do events[place] = event(number * per_request + place) end
      body = "[" .. table.concat(events, ",") .. "]"
    end
    requests[number] = wrk.format("POST", path, nil, body)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local rate = summary.requests * per_request / (summary.duration / 1000000)
  print(string.format("    %.0f checks a second, p50 %.2f ms, p99 %.2f ms, longest %.1f ms; refused %d, cut off %d; %d checks in all", rate,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    summary.requests * per_request))
end
