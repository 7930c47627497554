export { answer, refusal, text, thinking, tools } from './answers.ts';
export { events, raw, status } from './bytes.ts';
export { cut, dropBeforeHeaders, errorEvent, hangBeforeHeaders, pings, stall } from './faults.ts';
