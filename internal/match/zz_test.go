package match
import ("testing";"fmt";"slices";"pgregory.net/rapid")
func TestZZ(t *testing.T){
 rapid.Check(t, func(rt *rapid.T){
  list:=drawAccounts(rt)
  want:=baskets(Group(noHouses,list,nil))
  ids:=rapid.Permutation(listOfIDs(len(list))).Draw(rt,"ids")
  l2:=slices.Clone(list)
  for i:=range l2 { l2[i].Account=ids[i]+100 }
  g:=Group(noHouses,l2,nil)
  for i := range g.Households { for k := range g.Households[i].Links { l := &g.Households[i].Links[k]; l.Account = int64(slices.Index(ids, l.Account-100) + 1) } }
  if got:=baskets(g); got!=want {
    s:=""
    for _,m:=range list { s+=fmt.Sprintf("%d s%d %q %q %q %q %q\n",m.Account,m.SupplierID,m.Evidence.Number,m.Evidence.FIO,m.Evidence.ELS,m.Evidence.Share,m.Evidence.Address.Text) }
    rt.Fatalf("ids %v\n got %s\nwant %s\n%s",ids,got,want,s)
  }
 })
}
