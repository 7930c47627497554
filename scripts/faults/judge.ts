import type { AttemptRecord } from 'runestone';
import { labWords, noncesIn } from 'runestone/testing';
import { PROMPT_CANARY } from './ask.ts';
import { type Cell, type Ending, endingsOf } from './cells.ts';
import type { Facts, Got } from './facts.ts';
import type { Cost } from './row.ts';
import { KEY_CANARY } from './stand.ts';

/** What one run came to. */
export interface Verdict {
  /** What is wrong, in words; empty when it passed. */
  readonly complaints: readonly string[];
  readonly hang: boolean;
  /** A short answer that calls itself complete. */
  readonly silentCut: boolean;
  /** Text of another request. */
  readonly foreign: boolean;
}

/** Compares what happened with every way in which it may happen. */
export function judge(facts: Facts): Verdict {
  const { cell, got, standing } = facts;
  if (!got)
    return { complaints: ['neither an answer nor an error'], hang: true, silentCut: false, foreign: false };
  const foreign = foreignIn(facts, got);
  const silentCut = isSilentCut(facts, got);
  // Of several endings that are allowed, the one that comes nearest says what is wrong.
  const [nearest = []] = endingsOf(cell)
    .map((ending) => against(ending, facts, got))
    .sort((a, b) => a.length - b.length);
  const special = cell.row.check?.(facts);
  return {
    complaints: [
      ...nearest,
      ...(foreign.length > 0 ? [`text of ${foreign.join(', ')}`] : []),
      ...leaked(facts, got),
      ...standing,
      ...(special === undefined ? [] : [special]),
    ],
    hang: false,
    silentCut,
    foreign: foreign.length > 0,
  };
}

/** The whole text of an answer, as the host that is well or odd writes it. */
function wholeText({ row, fault }: Cell, nonce: string, byHealthy: boolean): string {
  const { text = usualText } = row;
  return byHealthy ? usualText(nonce) : text(nonce, fault);
}

function usualText(nonce: string): string {
  return labWords(nonce).join('');
}

function against(ending: Ending, facts: Facts, got: Got): string[] {
  const { faulty, healthy } = facts;
  const asked = `${faulty} + ${healthy}`;
  const due = `${ending.faulty} + ${ending.healthy}`;
  return [
    ...(ending.caller === 'ok' ? againstOk(facts, got) : againstError(ending, facts, got)),
    ...(asked === due ? [] : [`asked ${asked} times, not ${due}`]),
    ...againstLesson(ending, facts),
    ...againstCosts(ending, got.attempts),
  ];
}

function againstOk(facts: Facts, got: Got): string[] {
  const { cell, nonce } = facts;
  const { error } = got;
  if (error) return [`${error.code} (${error.message}), not an answer`];
  const whole = wholeText(cell, nonce, got.attempts.at(-1)?.provider === 'healthy' || isRepeated(facts));
  return [
    ...(got.text === whole ? [] : [`text ${short(got.text)}, not ${short(whole)}`]),
    ...(got.finish === undefined ? ['no finish reason'] : []),
    ...(cell.form === 'stream' && got.roles !== 1 ? [`${got.roles} chunks with a role`] : []),
    ...(cell.form === 'stream' && got.finishes !== 1 ? [`${got.finishes} chunks with a finish reason`] : []),
  ];
}

/** The host that was odd at first is well at the second request. */
function isRepeated({ cell, faulty }: Facts): boolean {
  return cell.company === 'recovers' && faulty > 1;
}

function againstError(ending: Ending, facts: Facts, got: Got): string[] {
  const { error } = got;
  const { caller, phase, partial } = ending;
  if (!error) return [`an answer (${short(got.text)}), not ${caller}`];
  const hasPartial = (error.partial ?? '') !== '';
  return [
    ...(error.code === caller ? [] : [`${error.code} (${error.message}), not ${caller}`]),
    ...(phase === undefined || error.phase === phase ? [] : [`phase ${error.phase}, not ${phase}`]),
    ...(error.committed === partial ? [] : [partial ? 'not marked as committed' : 'marked as committed']),
    // Who waits for the whole is shown what came of the last attempt, or nothing.
    ...(hasPartial === partial || facts.cell.form !== 'stream'
      ? []
      : [partial ? 'no partial answer' : `a partial answer: ${short(error.partial ?? '')}`]),
    ...(got.text === (error.partial ?? '') || facts.cell.form !== 'stream'
      ? []
      : [`the caller saw ${short(got.text)}, the error ${short(error.partial ?? '')}`]),
    ...(wholeText(facts.cell, facts.nonce, false).startsWith(error.partial ?? '')
      ? []
      : [`what came is no beginning of the answer: ${short(error.partial ?? '')}`]),
  ];
}

function againstLesson({ lesson }: Ending, facts: Facts): string[] {
  return lesson === undefined || lesson === facts.lesson
    ? []
    : [`the target learnt ${facts.lesson}, not ${lesson}`];
}

/** Of the attempts that met the fault; one that was repeated at a host that is well is none of them. */
function againstCosts({ costs, caller }: Ending, attempts: readonly AttemptRecord[]): string[] {
  const met = attempts.filter(
    ({ provider, outcome }) =>
      provider === 'faulty' && (outcome !== 'ok' || (caller === 'ok' && attempts.length === 1)),
  );
  return met.flatMap((record) => {
    const cost = costName(record);
    return costs.some((due) => fits(due, cost)) ? [] : [`cost ${cost}, not ${costs.join(' or ')}`];
  });
}

/** How a record's cost would be called. */
function costName({ precision, costUsd, usage }: AttemptRecord): Cost | 'wrong' {
  if (precision === 'unknown') return costUsd === undefined ? 'unknown' : 'wrong';
  if (costUsd === undefined || !(costUsd >= 0)) return 'wrong';
  if (precision === 'reported') return costUsd === 0 && usage === undefined ? 'none' : 'rep';
  return 'est';
}

/**
 * A host whose usage comes with the end has told nothing when it breaks, so that what could be estimated elsewhere is
 * unknown there; and an input without output is an estimate too.
 */
function fits(due: Cost, cost: Cost | 'wrong'): boolean {
  if (due === 'in' || due === 'est') return cost === 'est' || cost === 'unknown';
  return due === cost;
}

/** Any nonce but one's own. */
function foreignIn({ nonce }: Facts, { text, error, toolCalls }: Got): string[] {
  const all = noncesIn([text, error?.partial, ...toolCalls.map((call) => call.arguments)].join('\n'));
  return [...new Set(all)].filter((each) => !nonce.startsWith(each) && each !== nonce);
}

function isSilentCut({ cell, nonce }: Facts, got: Got): boolean {
  if (got.error) return false;
  const texts = [wholeText(cell, nonce, false), usualText(nonce)];
  return texts.every((whole) => got.text !== whole) && texts.some((whole) => whole.startsWith(got.text));
}

/** Keys, prompts and answers where nobody may find them; requests where nobody may go. */
function leaked({ leaks, told, nonce }: Facts, { error }: Got): string[] {
  const where = { 'the error': error?.shown ?? '', 'an event': told };
  const secrets = { 'the key': KEY_CANARY, 'the prompt': PROMPT_CANARY, 'the answer': nonce };
  const found = Object.entries(where).flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([what, secret]) =>
      text.includes(secret) ? [`${what} in ${place}`] : [],
    ),
  );
  return [
    ...found,
    ...leaks.map(({ method, host, path }) => `followed a redirect: ${method} ${host}${path}`),
  ];
}

const SHORT = 60;

function short(text: string): string {
  return JSON.stringify(text.length > SHORT ? `${text.slice(0, SHORT)}… (${text.length})` : text);
}
