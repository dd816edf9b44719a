// orval 8 asks for node 22 and needs no more of it than this.
const grouped = (items, key) => {
  const all = new Map();
  let at = 0;
  for (const it of items) {
    const name = key(it, at++);
    if (all.has(name)) all.get(name).push(it);
    else all.set(name, [it]);
  }
  return all;
};
Map.groupBy ??= grouped;
Object.groupBy ??= (items, key) => Object.fromEntries(grouped(items, key));
