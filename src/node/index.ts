export { type AliasFile, type AliasFileOptions, watchAliases } from './node-alias-file.ts';
