package catalogue
import ("testing";"os";"strings";"fermata/sweeper/proposed")
func TestZZ(t *testing.T){
 s:=*lostCompletionSignal; s.Judged=[]string{"listener-once"}
 c:=&Case{Scenario:&s,Engine:proposed.Delivery(),Scope:s.Scope}
 r,err:=Verify(c,VerifyOptions{}); if err!=nil{t.Fatal(err)}
 for _,f:=range r.Findings{ t.Log(f.Oracle,f.Object,f.Message,f.Severity); for _,x:=range f.Trace.Steps { t.Log(x.Number,x.Actor,x.Text,x.Reply)}}
 _=os.Args; _=strings.Join
}
