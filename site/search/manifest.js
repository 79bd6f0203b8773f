sitegenSearch("manifest", "", {
"kinds":{"a":["functions/","Functions",true],"b":["files/","Source files",true],"c":["tables/","Ops tables",true],"d":["subsystems/","Subsystems",false],"e":["layers/","Layers",false],"f":["kinds/","Kinds",false],"g":["kernels/","Kernels",false],"h":["commits/","Commits",true],"i":["cves/","CVEs",false],"j":["syzbot/","syzbot bugs",true],"k":["tags/","Tags",false],"l":["authors/","Authors",false],"-":["","Pages",false]},
"count":10,
"block":4096,
"each":8,
"names":"7862bde28955a3ef2025ae49ab605d79c6029bcf05b8bc15d4980dd75edf83270dedefc352fc4c83281dff013e7a37a7",
"sizes":"nnnnnnnnmnnnnnon",
"cases":["9e4e8520f3a06cca18deea9714f813b6ce476db17e5a53e9"],
"records":"8a629ada535b"
});
