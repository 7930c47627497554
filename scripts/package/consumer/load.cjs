// Loads every sub-path that is named as an argument, by `require` and by `import`.
const names = process.argv.slice(2);

async function main() {
  for (const name of names) {
    const isData = name.endsWith('.json');
    const required = require(name);
    const imported = await (isData ? import(name, { with: { type: 'json' } }) : import(name));
    if (Object.keys(imported).length === 0) throw new Error(`${name} exports nothing`);
    // Node 20.19 and later know the condition `module-sync`: one module for both, hence one class for both.
    if (!isData && required !== imported) throw new Error(`${name}: require and import differ`);
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
