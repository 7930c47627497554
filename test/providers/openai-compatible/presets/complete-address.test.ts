import { describe, expect, it } from 'vitest';
import {
  azureAddress,
  localAddress,
} from '../../../../src/providers/openai-compatible/presets/complete-address.ts';

describe('localAddress', () => {
  it.each([
    ['localhost', 'http://localhost:11434/v1'],
    ['localhost:9000', 'http://localhost:9000/v1'],
    ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:9000', 'http://127.0.0.1:9000/v1'],
    ['192.168.1.5', 'http://192.168.1.5:11434/v1'],
    ['http://localhost:9000', 'http://localhost:9000/v1'],
    ['http://localhost:9000/', 'http://localhost:9000/v1'],
    ['http://localhost:9000/v1', 'http://localhost:9000/v1'],
    ['http://localhost:9000/llm/v1', 'http://localhost:9000/llm/v1'],
    // With a scheme the port is what the scheme says, as for any URL.
    ['https://ollama.example', 'https://ollama.example/v1'],
    ['HTTPS://ollama.example', 'https://ollama.example/v1'],
  ])('%s is %s', (address, baseURL) => {
    expect(localAddress(address, 11434)).toEqual({ baseURL });
  });

  it('leaves what is no address for the provider to refuse', () => {
    expect(localAddress('http://', 11434)).toEqual({ baseURL: 'http://' });
  });
});

describe('azureAddress', () => {
  const resource = 'https://mine.openai.azure.com';

  it.each([
    resource,
    `${resource}/`,
    `${resource}/openai`,
    `${resource}/openai/`,
    `${resource}/openai/v1`,
    `${resource}/openai/v1/`,
  ])('%s has the v1 API', (endpoint) => {
    expect(azureAddress(endpoint, undefined)).toEqual({ baseURL: `${resource}/openai/v1` });
    expect(azureAddress(endpoint, 'preview')).toEqual({ baseURL: `${resource}/openai/v1` });
  });

  it.each([resource, `${resource}/openai/v1/`])('%s has deployments at a dated version', (endpoint) => {
    expect(azureAddress(endpoint, '2024-10-21')).toEqual({
      baseURL: `${resource}/openai`,
      paths: {
        chat: '/deployments/{model}/chat/completions',
        embeddings: '/deployments/{model}/embeddings',
      },
    });
  });

  it('leaves the address of a proxy alone', () => {
    expect(azureAddress('https://proxy.example/azure/v1/', '2024-10-21')).toEqual({
      baseURL: 'https://proxy.example/azure/v1',
    });
  });

  it('leaves what is no address for the provider to refuse', () => {
    expect(azureAddress('mine', undefined)).toEqual({ baseURL: 'mine/openai/v1' });
  });
});
