/** What `runestone --help` says. */
export const USAGE = `runestone: one pool for every language model call

  runestone chat [words]       ask, and stream the answer; without words, standard input is asked
  runestone models             every name that can be asked for
  runestone explain [words]    where a request would go, and why; sends nothing
  runestone serve              an OpenAI-compatible server and WebSocket on port 4003
  runestone doctor             checks Node, keys, providers and clock, and tries your routes against a fault lab

  -m, --model <name>     an alias, provider/model, or a model's id
  -s, --system <text>    instructions in front of the question (chat)
  -c, --config <file>    options of the pool, as JSON or YAML
  -p, --port <number>    (serve; default 4003)
      --host <address>   (serve; default this machine only)
      --offline          asks no provider (doctor)
      --json             one JSON value on standard output
  -h, --help    -v, --version

Keys are read from the environment: ANTHROPIC_API_KEY, OPENAI_API_KEY and so on. \`serve\` asks its callers for one of
RUNESTONE_API_KEYS, separated by commas; key=tenant names whose it is.
`;
