import Anthropic from '@anthropic-ai/sdk';
import { question } from '../shapes.ts';
import type { MakeContender } from './contender.ts';

/** The vendor's SDK as it comes, on global `fetch`. */
export const anthropicSdk: MakeContender = async (baseURL) => {
  const client = new Anthropic({ apiKey: 'k', baseURL });
  return {
    async stream() {
      let text = '';
      for await (const event of await client.messages.create({ ...question, stream: true })) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
          text += event.delta.text;
      }
      return text;
    },
    async json() {
      const [block] = (await client.messages.create({ ...question })).content;
      return block?.type === 'text' ? block.text : '';
    },
  };
};
