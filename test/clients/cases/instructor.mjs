import { CITY, equal, MODEL } from '../world.mjs';

/** Instructor, in each of its modes. It has no plain answers: what it makes is structured. */
export const instructor = (createInstructor, OpenAI, z) => {
  const schema = z.object({ city: z.string(), degrees: z.number() });
  const ask = (world, mode, more = {}) =>
    createInstructor({ client: new OpenAI(world.openai), mode }).chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: 'STRUCTURED' }],
      response_model: { schema, name: 'City' },
      max_retries: 0,
      ...more,
    });
  const bare = ({ city, degrees }) => ({ city, degrees });
  return {
    async structured(world) {
      for (const mode of ['TOOLS', 'JSON', 'JSON_SCHEMA']) equal(bare(await ask(world, mode)), CITY, mode);
    },
    async streamed(world) {
      let last;
      for await (const partial of await ask(world, 'TOOLS', { stream: true })) last = partial;
      equal(bare(last), CITY, 'last partial');
    },
  };
};
